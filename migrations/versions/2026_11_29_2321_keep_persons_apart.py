"""Who may do what where the law is strict: the people of a version, the bases of what is withheld.

Old shape: nothing kept one account with several roles from registering, consenting to and
publishing an entry.
New shape: ``data_resource`` holds who worked on the version that is on its way and who consented to
it; a review by one of them is refused, as is a publication by anybody but its reviewer. Reviews and
publications of the reviewer's own department are marked (本部门自审). An item that is not shared has
its legal basis, and is published with it; those published before have none. A name is adopted once
within an object class; later ones of before point to the first. What is on its way is filled in
from the trail and the reviews; what was decided before stays as it is.
Why: Order 809, Arts. 13 and 16, want three people, and a database that says so.

Revision ID: 0021
Revises: 0016
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0016"
branch_labels = None
depends_on = None

_FILL_WRITERS = """
UPDATE data_resource SET writer_ids = coalesce((
    SELECT array_agg(DISTINCT app_user.id)
    FROM audit_event JOIN app_user ON app_user.account = audit_event.actor
    WHERE audit_event.stream = data_resource.code AND audit_event.result = 'allow'
      AND audit_event.action IN ('catalog:resource:registered', 'catalog:resource:edited',
                                 'catalog:resource:attached', 'catalog:resource:submitted')
      AND audit_event.seq > coalesce((
          SELECT max(seq) FROM audit_event
          WHERE stream = data_resource.code AND action = 'catalog:resource:published'), 0)
), CASE WHEN status = 'published' THEN '{}' ELSE ARRAY[registrar_id] END)
"""
_FILL_CONSENTER = """
UPDATE data_resource SET consenter_id = (
    SELECT reviewer_id FROM publication_review
    WHERE resource_id = data_resource.id AND step = 'head_consent' AND outcome = 'consented'
    ORDER BY id DESC LIMIT 1)
WHERE review_step = 'administration'
"""
_FILL_DUPLICATES = """
UPDATE data_element SET duplicate_of_id = first.id
FROM (SELECT DISTINCT ON (name) id, name FROM data_element
      WHERE status IN ('recorded', 'standard') ORDER BY name, adopted_at, id) AS first
WHERE data_element.name = first.name AND data_element.id <> first.id
  AND data_element.status IN ('recorded', 'standard')
"""
#: By the department the reviewer is of today; nothing older is known.
_FILL_OWN = """
ALTER TABLE {table} DISABLE TRIGGER {table}_keep;
UPDATE {table} AS decided SET is_self_reviewed = true
FROM data_resource, app_user
WHERE data_resource.id = decided.resource_id AND app_user.id = decided.{person}
  AND app_user.department_id = data_resource.provider_id AND {condition};
ALTER TABLE {table} ENABLE TRIGGER {table}_keep;
"""

# By the code: a copy that is worked on has the same one as the entry.
_GUARDS = """
CREATE FUNCTION catalog_check_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM data_resource AS entry JOIN data_resource AS work USING (code)
               WHERE entry.id = NEW.resource_id AND NEW.reviewer_id = ANY (work.writer_ids)) THEN
        RAISE EXCEPTION 'nobody reviews what they wrote' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.step = 'administration' AND NOT EXISTS (
        SELECT FROM (SELECT * FROM publication_review
                     WHERE resource_id = NEW.resource_id AND step = 'head_consent'
                     ORDER BY id DESC LIMIT 1) AS consent
        WHERE consent.outcome = 'consented' AND consent.reviewer_id <> NEW.reviewer_id) THEN
        RAISE EXCEPTION 'a review follows the consent of somebody else' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.is_self_reviewed <> (NEW.step = 'administration' AND coalesce((
        SELECT reviewer.department_id = entry.provider_id
        FROM data_resource AS entry, app_user AS reviewer
        WHERE entry.id = NEW.resource_id AND reviewer.id = NEW.reviewer_id), false)) THEN
        RAISE EXCEPTION 'a review of the own department is marked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER publication_review_check BEFORE INSERT ON publication_review
    FOR EACH ROW EXECUTE FUNCTION catalog_check_reviewer();
CREATE FUNCTION catalog_check_publisher() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM (SELECT * FROM publication_review WHERE resource_id = NEW.resource_id
                     ORDER BY id DESC LIMIT 1) AS review
        WHERE review.outcome = 'published' AND review.reviewer_id = NEW.published_by
          AND review.is_self_reviewed = NEW.is_self_reviewed) THEN
        RAISE EXCEPTION 'whoever publishes has reviewed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER publication_check BEFORE INSERT ON publication
    FOR EACH ROW EXECUTE FUNCTION catalog_check_publisher();
CREATE FUNCTION catalog_keep_writers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.writer_ids @> OLD.writer_ids AND NEW.published_version = OLD.published_version THEN
        RAISE EXCEPTION 'whoever wrote a version stays among its writers'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER data_resource_keep_writers BEFORE UPDATE OF writer_ids ON data_resource
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_writers();
"""
# Looks at the end at what the entry says then: a working copy takes its place in several changes.
_WITHHELD = """
CREATE FUNCTION catalog_check_withheld() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM data_resource WHERE id = NEW.id AND share_type = 'withheld') THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM resource_item WHERE resource_id = NEW.id AND removed_in IS NULL
               AND share_type = 'withheld' AND withheld_kind IS NULL) THEN
        RAISE EXCEPTION 'an item that is not shared has its legal basis' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT bool_and(share_type = 'withheld') FROM resource_item
        WHERE resource_id = NEW.id AND removed_in IS NULL) THEN
        RAISE EXCEPTION 'a resource that shares no item is not shared' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER data_resource_withheld AFTER UPDATE ON data_resource
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.published_version > OLD.published_version)
    EXECUTE FUNCTION catalog_check_withheld();
"""
_KINDS = ("law", "administrative_regulation", "state_council_decision")
_OWN = {
    "publication": {"person": "published_by", "condition": "true"},
    "publication_review": {
        "person": "reviewer_id",
        "condition": "decided.step = 'administration'",
    },
}


def upgrade() -> None:
    op.add_column(
        "data_resource",
        sa.Column("writer_ids", postgresql.ARRAY(sa.Uuid()), nullable=False, server_default="{}"),
    )
    op.alter_column("data_resource", "writer_ids", server_default=None)
    op.add_column("data_resource", sa.Column("consenter_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("data_resource_consenter_id_fkey"),
        "data_resource",
        "app_user",
        ["consenter_id"],
        ["id"],
    )
    op.create_index(op.f("data_resource_consenter_id_idx"), "data_resource", ["consenter_id"])
    op.execute(_FILL_WRITERS)
    op.execute(_FILL_CONSENTER)
    for table, own in _OWN.items():
        op.add_column(
            table,
            sa.Column("is_self_reviewed", sa.Boolean(), nullable=False, server_default="false"),
        )
        op.alter_column(table, "is_self_reviewed", server_default=None)
        op.execute(_FILL_OWN.format(table=table, **own))
    op.execute(_GUARDS)
    _add_bases()
    op.execute(_WITHHELD)
    _tell_elements_apart()


def _tell_elements_apart() -> None:
    op.add_column(
        "data_element",
        sa.Column(
            "object_class",
            sqlmodel.sql.sqltypes.AutoString(length=100),
            nullable=False,
            server_default="",
        ),
    )
    op.alter_column("data_element", "object_class", server_default=None)
    op.add_column("data_element", sa.Column("duplicate_of_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("data_element_duplicate_of_id_fkey"),
        "data_element",
        "data_element",
        ["duplicate_of_id"],
        ["id"],
    )
    op.create_index(op.f("data_element_duplicate_of_id_idx"), "data_element", ["duplicate_of_id"])
    op.execute(_FILL_DUPLICATES)
    op.create_index(
        "data_element_adopted_key",
        "data_element",
        ["name", "object_class"],
        unique=True,
        postgresql_where=sa.text("status IN ('recorded', 'standard') AND duplicate_of_id IS NULL"),
    )


def _add_bases() -> None:
    kind = sa.Enum(
        *_KINDS, name="withheld_kind", native_enum=False, create_constraint=True, length=40
    )
    op.add_column("resource_item", sa.Column("withheld_kind", kind, nullable=True))
    for name in ("withheld_basis", "withheld_reason"):
        op.add_column(
            "resource_item",
            sa.Column(
                name,
                sqlmodel.sql.sqltypes.AutoString(length=500),
                nullable=False,
                server_default="",
            ),
        )
        op.alter_column("resource_item", name, server_default=None)
    op.create_check_constraint(
        op.f("resource_item_withheld_basis_check"),
        "resource_item",
        "withheld_kind IS NULL OR (share_type = 'withheld' AND withheld_basis <> '' AND withheld_reason <> '')",
    )


def downgrade() -> None:
    op.drop_index("data_element_adopted_key", table_name="data_element")
    op.drop_column("data_element", "duplicate_of_id")
    op.drop_column("data_element", "object_class")
    op.drop_constraint(op.f("resource_item_withheld_basis_check"), "resource_item", type_="check")
    for name in ("withheld_kind", "withheld_basis", "withheld_reason"):
        op.drop_column("resource_item", name)
    for table, trigger, function in (
        ("data_resource", "data_resource_withheld", "catalog_check_withheld"),
        ("data_resource", "data_resource_keep_writers", "catalog_keep_writers"),
        ("publication", "publication_check", "catalog_check_publisher"),
        ("publication_review", "publication_review_check", "catalog_check_reviewer"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(f"DROP FUNCTION {function}()")
    for table in _OWN:
        op.drop_column(table, "is_self_reviewed")
    op.drop_index(op.f("data_resource_consenter_id_idx"), table_name="data_resource")
    op.drop_constraint(op.f("data_resource_consenter_id_fkey"), "data_resource", type_="foreignkey")
    op.drop_column("data_resource", "consenter_id")
    op.drop_column("data_resource", "writer_ids")
