"""Drafts of share requests can be changed; what has left the draft cannot.

Old shape: the items of a request could only be added, so a returned request could only be copied.
New shape: the serving role may take items out again, and the database itself refuses it once the
request is no draft.
Why: the applicant corrects what the own sharing head returned, and the provider answers exactly
what was consented to.

Revision ID: 0007
Revises: 0006
"""

from alembic import context, op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_GUARDS = """
CREATE FUNCTION exchange_keep_asked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND
       (NEW.resource_id, NEW.resource_version, NEW.basis, NEW.scenario, NEW.scope, NEW.share_way, NEW.until)
       IS DISTINCT FROM
       (OLD.resource_id, OLD.resource_version, OLD.basis, OLD.scenario, OLD.scope, OLD.share_way, OLD.until) THEN
        RAISE EXCEPTION 'a request that is no draft keeps what it asks for'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE FUNCTION exchange_keep_asked_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM share_request
                   WHERE id = coalesce(NEW.request_id, OLD.request_id) AND status = 'draft') THEN
        RAISE EXCEPTION 'a request that is no draft keeps its items' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END;
$$;
CREATE TRIGGER share_request_keep_asked BEFORE UPDATE ON share_request
    FOR EACH ROW EXECUTE FUNCTION exchange_keep_asked();
CREATE TRIGGER requested_item_keep BEFORE INSERT OR UPDATE OR DELETE ON requested_item
    FOR EACH ROW EXECUTE FUNCTION exchange_keep_asked_items();
"""


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT DELETE ON requested_item TO "{role}"')
    op.execute(_GUARDS)


def downgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute("DROP TRIGGER requested_item_keep ON requested_item")
    op.execute("DROP TRIGGER share_request_keep_asked ON share_request")
    op.execute("DROP FUNCTION exchange_keep_asked_items()")
    op.execute("DROP FUNCTION exchange_keep_asked()")
    op.execute(f'REVOKE DELETE ON requested_item FROM "{role}"')
