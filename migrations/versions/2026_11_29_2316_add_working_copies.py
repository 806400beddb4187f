"""A published entry is changed in a working copy (变更稿), and its items keep their identity.

Old shape: one row was draft and published entry at once, and items in review or published could
not be changed at all, so neither could a published entry.
New shape: a working copy is a second row of the same code that names the entry (``copy_of``); its
items name the published ones they came from (``origin_id``); an item that a version left out stays
with the number of that version (``removed_in``). At the end of a transaction a published entry and
its items say what its latest publication says. An entry that was never published may be deleted,
and a draft may take another code; one that is taken down says when and why (of before: that no
reason was kept). The word
``changing`` is gone, nothing ever was in that state.
Why: published is published, until a reviewed change takes its place.

The downgrade drops open working copies with what was attached to them. It stops at a removed item
that a request or a grant still points at: the old shape has no place for it.

Revision ID: 0016
Revises: 0017
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None

_FACETS = [
    "share_type",
    "provider_id",
    "format",
    "share_way",
    "update_cycle",
    "security_level",
    "is_open",
]
_STATUSES = ("draft", "in_review", "returned", "published", "taken_down")
_OLD_STATUSES = (*_STATUSES, "changing")

_GUARDS = """
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
    IF NEW.provider_id <> OLD.provider_id
        OR NEW.code <> OLD.code AND (OLD.status <> 'draft' OR OLD.published_version > 0) THEN
        RAISE EXCEPTION 'the code of a resource never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.published_version < OLD.published_version THEN
        RAISE EXCEPTION 'a published version never goes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
DROP TRIGGER data_resource_keep_code ON data_resource;
CREATE TRIGGER data_resource_keep_code BEFORE INSERT OR UPDATE OR DELETE ON data_resource
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_code();

-- Items of a published entry change only between the raising of its version and the publication.
CREATE OR REPLACE FUNCTION catalog_keep_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM data_resource AS entry WHERE entry.id IN (OLD.resource_id, NEW.resource_id)
        AND (entry.status = 'in_review' OR entry.status IN ('published', 'taken_down') AND EXISTS (
            SELECT FROM publication
            WHERE resource_id = entry.id AND publication.version = entry.published_version
        ))
    ) THEN
        RAISE EXCEPTION 'items in review or published stay as they are'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM data_resource AS entry
        WHERE entry.id = OLD.resource_id AND entry.copy_of IS NULL AND entry.published_version > 0
    ) THEN
        RAISE EXCEPTION 'an item that was published keeps its identity'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END;
$$;

CREATE FUNCTION catalog_check_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    entry data_resource;
    shown jsonb;
    kept jsonb;
BEGIN
    SELECT * INTO entry FROM data_resource WHERE id = NEW.id;
    IF entry.id IS NULL OR entry.copy_of IS NOT NULL OR entry.published_version = 0 THEN
        RETURN NULL;
    END IF;
    IF entry.status NOT IN ('published', 'taken_down') THEN
        RAISE EXCEPTION 'a published entry is changed in a working copy'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT publication.entry INTO kept FROM publication
        WHERE resource_id = entry.id AND version = entry.published_version;
    shown := to_jsonb(entry);
    IF kept IS NULL
        OR EXISTS (
            SELECT FROM jsonb_each(kept) AS said
            WHERE shown ? said.key AND shown -> said.key <> said.value AND said.key <> ALL
            ('{status,review_step,version,published_version,published_at,updated_at}'::text[])
        )
        OR entry.withheld_kind IS DISTINCT FROM kept #>> '{withholding,kind}'
        OR entry.withheld_basis <> coalesce(kept #>> '{withholding,basis}', '')
        OR entry.withheld_reason <> coalesce(kept #>> '{withholding,reason}', '')
        OR entry.secrecy_conclusion IS DISTINCT FROM kept #>> '{secrecy_assessment,conclusion}'
        OR entry.secrecy_assessed_on::text IS DISTINCT FROM kept #>> '{secrecy_assessment,assessed_on}'
        OR entry.privacy_conclusion IS DISTINCT FROM kept #>> '{privacy_assessment,conclusion}'
        OR entry.privacy_assessed_on::text IS DISTINCT FROM kept #>> '{privacy_assessment,assessed_on}'
        OR jsonb_array_length(kept -> 'items') <>
            (SELECT count(*) FROM resource_item WHERE resource_id = entry.id AND removed_in IS NULL)
        OR EXISTS (
            SELECT id::text, name, column_name, data_type, share_type FROM resource_item
            WHERE resource_id = entry.id AND removed_in IS NULL
            EXCEPT
            SELECT item ->> 'id', item ->> 'name', item ->> 'column_name', item ->> 'data_type', item ->> 'share_type'
            FROM jsonb_array_elements(kept -> 'items') AS item
        )
    THEN
        RAISE EXCEPTION 'a published entry says what its publication says'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER data_resource_check_published AFTER INSERT OR UPDATE ON data_resource
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.published_version > 0 AND NEW.copy_of IS NULL)
    EXECUTE FUNCTION catalog_check_published();

CREATE FUNCTION catalog_keep_attachments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM data_resource AS entry
        WHERE entry.id = OLD.resource_id AND entry.copy_of IS NULL AND entry.published_version > 0
    ) THEN
        RAISE EXCEPTION 'the data of what was published is kept' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END;
$$;
CREATE TRIGGER attachment_keep BEFORE DELETE ON attachment
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_attachments();
"""

_OLD_GUARDS = """
DROP TRIGGER attachment_keep ON attachment;
DROP FUNCTION catalog_keep_attachments();
DROP TRIGGER data_resource_check_published ON data_resource;
DROP FUNCTION catalog_check_published();
DROP TRIGGER data_resource_keep_code ON data_resource;
CREATE TRIGGER data_resource_keep_code BEFORE UPDATE ON data_resource
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_code();
CREATE OR REPLACE FUNCTION catalog_keep_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.code <> OLD.code OR NEW.class_code <> OLD.class_code OR NEW.provider_id <> OLD.provider_id THEN
        RAISE EXCEPTION 'the code of a resource never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.published_version < OLD.published_version THEN
        RAISE EXCEPTION 'a published version never goes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE OR REPLACE FUNCTION catalog_keep_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM data_resource WHERE id = coalesce(OLD.resource_id, NEW.resource_id)
               AND status IN ('published', 'in_review')) THEN
        RAISE EXCEPTION 'items in review or published stay as they are'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END;
$$;
"""


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.add_column("data_resource", sa.Column("copy_of", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("data_resource_copy_of_fkey"), "data_resource", "data_resource", ["copy_of"], ["id"]
    )
    op.create_unique_constraint(op.f("data_resource_copy_of_key"), "data_resource", ["copy_of"])
    op.drop_constraint(op.f("data_resource_code_key"), "data_resource", type_="unique")
    op.create_index(
        "data_resource_code_idx",
        "data_resource",
        ["code"],
        unique=True,
        postgresql_where=sa.text("copy_of IS NULL"),
    )
    op.create_check_constraint(
        op.f("data_resource_working_copy_check"),
        "data_resource",
        "copy_of IS NULL OR status NOT IN ('published', 'taken_down')",
    )
    _statuses(_STATUSES)
    _published_idx("status = 'published' AND copy_of IS NULL")
    op.add_column(
        "data_resource",
        sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.add_column("data_resource", sa.Column("taken_down_reason", sa.String(500), nullable=True))
    op.execute(
        "UPDATE data_resource SET taken_down_at = updated_at,"
        " taken_down_reason = '撤销时未记录原因' WHERE status = 'taken_down'"
    )
    op.create_check_constraint(
        op.f("data_resource_taken_down_check"),
        "data_resource",
        "(status = 'taken_down') = (taken_down_at IS NOT NULL)"
        " AND (taken_down_at IS NOT NULL) = (coalesce(taken_down_reason, '') <> '')",
    )

    op.add_column("resource_item", sa.Column("origin_id", sa.Uuid(), nullable=True))
    op.add_column("resource_item", sa.Column("removed_in", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("resource_item_origin_id_fkey"),
        "resource_item",
        "resource_item",
        ["origin_id"],
        ["id"],
    )
    op.create_unique_constraint(op.f("resource_item_origin_id_key"), "resource_item", ["origin_id"])
    _items_go("CASCADE")
    for column in ("name", "position"):
        op.drop_constraint(
            f"resource_item_resource_id_{column}_key", "resource_item", type_="unique"
        )
        op.create_exclude_constraint(
            f"resource_item_{column}_excl",
            "resource_item",
            ("resource_id", "="),
            (column, "="),
            where="removed_in IS NULL",
            using="btree",
            deferrable=True,
            initially="DEFERRED",
        )
    op.execute(_GUARDS)
    for table in ("data_resource", "attachment"):
        op.execute(f'GRANT DELETE ON {table} TO "{role}"')


def downgrade() -> None:
    role = context.config.attributes["app_role"]
    for table in ("data_resource", "attachment"):
        op.execute(f'REVOKE DELETE ON {table} FROM "{role}"')
    op.execute(
        "DELETE FROM attachment USING data_resource AS copy"
        " WHERE copy.id = resource_id AND copy.copy_of IS NOT NULL"
    )
    op.execute("DELETE FROM data_resource WHERE copy_of IS NOT NULL")
    op.execute("ALTER TABLE resource_item DISABLE TRIGGER resource_item_keep")
    op.execute("DELETE FROM resource_item WHERE removed_in IS NOT NULL")
    op.execute("ALTER TABLE resource_item ENABLE TRIGGER resource_item_keep")
    op.execute(_OLD_GUARDS)
    for column in ("name", "position"):
        op.drop_constraint(f"resource_item_{column}_excl", "resource_item")
        op.create_unique_constraint(
            f"resource_item_resource_id_{column}_key",
            "resource_item",
            ["resource_id", column],
            deferrable=True,
            initially="DEFERRED",
        )
    _items_go(None)
    op.drop_column("resource_item", "removed_in")
    op.drop_column("resource_item", "origin_id")
    _published_idx("status = 'published'")
    op.drop_column("data_resource", "taken_down_reason")
    op.drop_column("data_resource", "taken_down_at")
    _statuses(_OLD_STATUSES)
    op.drop_constraint(op.f("data_resource_working_copy_check"), "data_resource", type_="check")
    op.drop_index("data_resource_code_idx", table_name="data_resource")
    op.drop_column("data_resource", "copy_of")
    op.create_unique_constraint(op.f("data_resource_code_key"), "data_resource", ["code"])


def _statuses(words: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("data_resource_status_check"), "data_resource", type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(
        op.f("data_resource_status_check"), "data_resource", f"status IN ({listed})"
    )


def _items_go(how: str | None) -> None:
    """What becomes of the items of a row that is deleted."""
    name = op.f("resource_item_resource_id_fkey")
    op.drop_constraint(name, "resource_item", type_="foreignkey")
    op.create_foreign_key(
        name, "resource_item", "data_resource", ["resource_id"], ["id"], ondelete=how
    )


def _published_idx(where: str) -> None:
    op.drop_index("data_resource_published_idx", table_name="data_resource")
    op.create_index(
        "data_resource_published_idx",
        "data_resource",
        ["published_at", "id"],
        unique=False,
        postgresql_include=_FACETS,
        postgresql_where=sa.text(where),
    )
