"""Succession after mergers and splits.

Old shape: departments end, and what they held stays with them.
New shape: ``succession`` is open until every object has its successor, ``succeeded_object`` says
which and by which document. Department columns change only from one that stood before an act to
one that stands after it; a grant knows for whom it was made first, so that pseudonyms and plan
stay. An item may be suspended because duty and matter did not pass.
Why: after an act the data administration names the successor per object (机构改革).

Revision ID: 0040
Revises: 0038
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0040"
down_revision = "0038"
branch_labels = None
depends_on = None

_GOVERNED = (
    "('succession', 'Succession', 'act_no')",
    "('succeeded_object', 'Succession', 'act_no', whole => 'succession', key => 'succession_id')",
)
_GRANTS = (
    "SELECT, INSERT, UPDATE ON succession",
    "SELECT, INSERT ON succeeded_object",
    "UPDATE (department_id) ON source_claim",
)
_GUARDS = """
CREATE FUNCTION succession_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'succeeded_object' OR TG_OP = 'DELETE' OR OLD.status = 'settled' THEN
        RAISE EXCEPTION 'a succession stays as it was named'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER succession_keep BEFORE UPDATE OR DELETE ON succession
    FOR EACH ROW EXECUTE FUNCTION succession_keep();
CREATE TRIGGER succeeded_object_keep BEFORE UPDATE OR DELETE ON succeeded_object
    FOR EACH ROW EXECUTE FUNCTION succession_keep();

-- The arguments name columns of departments: another one stands there only after an act.
CREATE FUNCTION department_keep_holder() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place text;
    was uuid;
    now_is uuid;
BEGIN
    FOREACH place IN ARRAY TG_ARGV LOOP
        was := (to_jsonb(OLD) ->> place)::uuid;
        now_is := (to_jsonb(NEW) ->> place)::uuid;
        IF now_is IS DISTINCT FROM was AND NOT EXISTS (
            SELECT FROM reorganised_department AS b JOIN reorganised_department AS a
                ON a.reorganisation_id = b.reorganisation_id
            WHERE b.side = 'before' AND b.department_id = was
                AND a.side = 'after' AND a.department_id = now_is
        ) THEN
            RAISE EXCEPTION 'it goes over to a successor only after an act'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END;
$$;
CREATE TRIGGER data_resource_keep_holder BEFORE UPDATE OF provider_id ON data_resource
    FOR EACH ROW EXECUTE FUNCTION department_keep_holder('provider_id');
CREATE TRIGGER information_system_keep_holder BEFORE UPDATE OF owner_id ON information_system
    FOR EACH ROW EXECUTE FUNCTION department_keep_holder('owner_id');
CREATE TRIGGER catalogue_change_keep_holder BEFORE UPDATE OF provider_id ON catalogue_change
    FOR EACH ROW EXECUTE FUNCTION department_keep_holder('provider_id');
CREATE TRIGGER source_claim_keep_holder BEFORE UPDATE OF department_id ON source_claim
    FOR EACH ROW EXECUTE FUNCTION department_keep_holder('department_id');
CREATE TRIGGER share_request_keep_holder BEFORE UPDATE OF consumer_id, provider_id ON share_request
    FOR EACH ROW EXECUTE FUNCTION department_keep_holder('consumer_id', 'provider_id');
CREATE TRIGGER share_grant_keep_holder BEFORE UPDATE OF consumer_id, provider_id ON share_grant
    FOR EACH ROW EXECUTE FUNCTION department_keep_holder('consumer_id', 'provider_id');
"""
_NO_GUARDS = """
DROP TRIGGER share_grant_keep_holder ON share_grant;
DROP TRIGGER share_request_keep_holder ON share_request;
DROP TRIGGER source_claim_keep_holder ON source_claim;
DROP TRIGGER catalogue_change_keep_holder ON catalogue_change;
DROP TRIGGER information_system_keep_holder ON information_system;
DROP TRIGGER data_resource_keep_holder ON data_resource;
DROP FUNCTION department_keep_holder();
"""
_PARTIES = ("consumer_id", "provider_id")
_TERMS = (
    *("snapshot_id", "row_filter", "resource_id", "valid_until"),
    *("live_id", "follows_editions", "edition_no", "filter_columns", "coverage"),
)
_KEEP_TERMS = """
CREATE OR REPLACE FUNCTION exchange_keep_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('revoked', 'expired') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'an ended grant never comes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF ({new}) IS DISTINCT FROM ({old}) THEN
        RAISE EXCEPTION 'the terms of a grant never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
_KEEP_CLAIM = """
CREATE OR REPLACE FUNCTION source_claim_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kind text;
BEGIN
    SELECT number, sourcing INTO NEW.element_number, kind
        FROM data_element WHERE id = NEW.element_id;
    NEW.scope_number := (SELECT number FROM object_scope
        WHERE id = NEW.scope_id AND element_id = NEW.element_id);
    IF NEW.scope_id IS NOT NULL AND NEW.scope_number IS NULL THEN
        RAISE EXCEPTION 'the object scope is one of the element'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.area_span := int4multirange(source_area_range(NEW.area_code)) - coalesce(
        (SELECT range_agg(source_area_range(area_code)) FROM source_exception
            WHERE claim_id = NEW.id), '{{}}'::int4multirange);
    IF TG_OP = 'INSERT' THEN
        IF kind <> 'authoritative' THEN
            RAISE EXCEPTION 'this element has no source'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF OLD.status IN ('re_assigned', 'ended', 'withdrawn', 'refused') OR
        (NEW.claim_no, NEW.element_id, NEW.scope_id, {new}NEW.area_code,
            NEW.proposer_id) IS DISTINCT FROM
        (OLD.claim_no, OLD.element_id, OLD.scope_id, {old}OLD.area_code,
            OLD.proposer_id) OR
        OLD.confirmed_on IS NOT NULL AND (NEW.confirmed_on, NEW.ground) IS DISTINCT FROM
        (OLD.confirmed_on, OLD.ground)
    THEN
        RAISE EXCEPTION 'what a source claim says stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
_KEEP_CODE = """
CREATE OR REPLACE FUNCTION catalog_keep_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.copy_of IS NULL AND OLD.published_version > 0 THEN
            RAISE EXCEPTION 'what was published is never deleted' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' AND NEW.copy_of IS NOT NULL AND NOT EXISTS (
        SELECT FROM data_resource AS entry
        WHERE entry.id = NEW.copy_of AND entry.copy_of IS NULL AND entry.status = 'published'
        AND entry.code = NEW.code AND entry.provider_id = NEW.provider_id
        AND entry.published_version = NEW.published_version
    ) THEN
        RAISE EXCEPTION 'a working copy is of a published entry and bears its code'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NEW;
    END IF;
    IF NEW.copy_of IS DISTINCT FROM OLD.copy_of THEN
        RAISE EXCEPTION 'a row is a working copy from first to last' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF {held}NEW.code <> OLD.code AND (OLD.status <> 'draft' OR OLD.published_version > 0) THEN
        RAISE EXCEPTION 'the code of a resource never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.published_version < OLD.published_version THEN
        RAISE EXCEPTION 'a published version never goes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
_WHY_NOT = ("removed", "withheld", "retyped")


def _keep(columns: tuple[str, ...]) -> str:
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("NEW", "OLD"))
    return _KEEP_TERMS.format(new=new, old=old)


def _suspended(*words: str) -> None:
    op.drop_constraint(op.f("granted_item_suspended_why_check"), "granted_item")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(
        op.f("granted_item_suspended_why_check"), "granted_item", f"suspended_why IN ({listed})"
    )


def upgrade() -> None:
    _create_succession()
    _create_succeeded_object()
    op.add_column("share_grant", sa.Column("first_consumer_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("share_grant_first_consumer_id_fkey"),
        "share_grant",
        "department",
        ["first_consumer_id"],
        ["id"],
    )
    op.execute(_keep(_TERMS))
    op.execute(_KEEP_CLAIM.format(new="", old=""))
    op.execute(_KEEP_CODE.format(held=""))
    _suspended(*_WHY_NOT, "succession")
    op.execute(_GUARDS)
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _create_succession() -> None:
    op.create_table(
        "succession",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_no", sa.String(40), nullable=False),
        sa.Column("reorganisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "settled",
                name="status",
                native_enum=False,
                length=40,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'settled') = (settled_at IS NOT NULL)", name="settled"),
        sa.ForeignKeyConstraint(
            ["reorganisation_id"],
            ["reorganisation.id"],
            name=op.f("succession_reorganisation_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("succession_pkey")),
        sa.UniqueConstraint("act_no", name=op.f("succession_act_no_key")),
        sa.UniqueConstraint("reorganisation_id", name=op.f("succession_reorganisation_id_key")),
    )


def _create_succeeded_object() -> None:
    op.create_table(
        "succeeded_object",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("succession_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("document_no", sa.String(100), nullable=False),
        sa.Column("article", sa.String(100), nullable=False),
        sa.Column("is_passed_on", sa.Boolean(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name="two_departments"),
        sa.ForeignKeyConstraint(
            ["succession_id"], ["succession.id"], name=op.f("succeeded_object_succession_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["department.id"], name=op.f("succeeded_object_from_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["department.id"], name=op.f("succeeded_object_to_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["named_by"], ["app_user.id"], name=op.f("succeeded_object_named_by_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("succeeded_object_pkey")),
        sa.UniqueConstraint(
            "succession_id",
            "kind",
            "number",
            name=op.f("succeeded_object_succession_id_kind_number_key"),
        ),
    )
    op.create_index(op.f("succeeded_object_to_id_idx"), "succeeded_object", ["to_id"])


def downgrade() -> None:
    op.execute(_NO_GUARDS)
    role = context.config.attributes["app_role"]
    op.execute(f'REVOKE UPDATE (department_id) ON source_claim FROM "{role}"')
    op.execute(_KEEP_CODE.format(held="NEW.provider_id <> OLD.provider_id OR "))
    op.execute(_KEEP_CLAIM.format(new="NEW.department_id, ", old="OLD.department_id, "))
    op.execute(_keep((*_TERMS[:2], *_PARTIES, *_TERMS[2:])))
    op.execute(
        "UPDATE granted_item SET suspended_why = 'withheld' WHERE suspended_why = 'succession'"
    )
    _suspended(*_WHY_NOT)
    op.drop_column("share_grant", "first_consumer_id")
    for table in ("succeeded_object", "succession"):
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
    op.execute("DROP FUNCTION succession_keep()")
    op.execute("UPDATE todo SET clock = '' WHERE clock = 'succession'")
    op.execute("DELETE FROM case_clock WHERE kind = 'succession'")
