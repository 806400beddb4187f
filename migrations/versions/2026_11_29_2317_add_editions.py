"""The data of a published entry in editions, its key and its declared coverage.

Old shape: the data of an entry is whatever was stored last before its publication, and never
changes after.
New shape: ``edition`` holds every state of a published entry's data, at most one of them current;
``data_refresh`` says which table is copied anew by the update cycle. An item may be part of the
key, an entry declares its coverage. What is published with stored or live data has edition 1.
Why: rows of the same shape are the registrar's to publish at once; what lies outside of the
declared coverage is held.

Revision ID: 0017
Revises: 0015
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

_GRANTS = {"edition": "SELECT, INSERT, UPDATE", "data_refresh": "SELECT, INSERT, UPDATE"}

_GUARDS = """
CREATE FUNCTION catalog_keep_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'an edition is kept as it was' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.resource_id, NEW.number, NEW.attachment_id, NEW.snapshot_id, NEW.rows,
        NEW.made_by, NEW.arrived_at)
       IS DISTINCT FROM
       (OLD.id, OLD.resource_id, OLD.number, OLD.attachment_id, OLD.snapshot_id, OLD.rows,
        OLD.made_by, OLD.arrived_at)
       OR OLD.current_from IS NOT NULL AND NEW.current_from IS DISTINCT FROM OLD.current_from
       OR OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at
       OR OLD.status IN ('current', 'kept', 'removed') AND NEW.report IS DISTINCT FROM OLD.report THEN
        RAISE EXCEPTION 'what an edition consists of never changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status = 'removed' AND NEW.status <> OLD.status
       OR OLD.status = 'kept' AND NEW.status NOT IN ('kept', 'removed')
       OR OLD.status = 'current' AND NEW.status NOT IN ('current', 'kept') THEN
        RAISE EXCEPTION 'an edition that is over never comes back'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER edition_keep BEFORE UPDATE OR DELETE ON edition
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_edition();
"""

#: What each published entry delivers today: stored last before it was published, or read live.
_FIRST_EDITIONS = """
INSERT INTO edition (id, resource_id, number, attachment_id, snapshot_id, rows, status, made_by,
                     arrived_at, current_from, version)
SELECT DISTINCT ON (resource.id) uuidv7(), resource.id, 1, stored.id, stored.snapshot_id, stored.rows,
       'current', stored.uploader_id, coalesce(stored.stored_at, stored.created_at),
       resource.published_at, 1
FROM data_resource AS resource
JOIN publication ON publication.resource_id = resource.id
    AND publication.version = resource.published_version
JOIN attachment AS stored ON stored.resource_id = resource.id AND stored.status = 'stored'
    AND (stored.snapshot_id = publication.snapshot_id
         OR publication.snapshot_id IS NULL AND stored.is_live)
WHERE resource.published_at IS NOT NULL
ORDER BY resource.id, stored.stored_at DESC, stored.id DESC
"""


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.add_column(
        "resource_item",
        sa.Column("is_key", sa.Boolean(), server_default="false", nullable=False),
    )
    op.alter_column("resource_item", "is_key", server_default=None)
    op.add_column(
        "data_resource",
        sa.Column(
            "coverage", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
    )
    _create_edition()
    op.create_table(
        "data_refresh",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["data_resource.id"], name=op.f("data_refresh_resource_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("data_refresh_attachment_id_fkey")
        ),
        sa.ForeignKeyConstraint(["set_by"], ["app_user.id"], name=op.f("data_refresh_set_by_fkey")),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("data_refresh_pkey")),
    )
    op.execute(_FIRST_EDITIONS)
    op.execute(_GUARDS)
    for table, rights in _GRANTS.items():
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')


def _create_edition() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot_id", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "arriving",
                "held",
                "current",
                "kept",
                "removed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "report", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("edition_number_check")),
        sa.CheckConstraint(
            "status <> 'current' OR current_from IS NOT NULL",
            name=op.f("edition_current_from_check"),
        ),
        sa.CheckConstraint(
            "(status IN ('kept', 'removed')) = (ended_at IS NOT NULL)",
            name=op.f("edition_ended_at_check"),
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["data_resource.id"], name=op.f("edition_resource_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("edition_attachment_id_fkey")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["app_user.id"], name=op.f("edition_made_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("edition_pkey")),
        sa.UniqueConstraint("resource_id", "number", name=op.f("edition_resource_id_number_key")),
        sa.UniqueConstraint("attachment_id", name=op.f("edition_attachment_id_key")),
    )
    op.create_index(op.f("edition_snapshot_id_idx"), "edition", ["snapshot_id"], unique=False)
    op.create_index(
        "edition_current_key",
        "edition",
        ["resource_id"],
        unique=True,
        postgresql_where=sa.text("status = 'current'"),
    )


def downgrade() -> None:
    op.drop_table("data_refresh")
    op.drop_table("edition")
    op.execute("DROP FUNCTION catalog_keep_edition()")
    op.drop_column("data_resource", "coverage")
    op.drop_column("resource_item", "is_key")
