"""Data that stays in a department's own database: attached by a
connection, stored as a snapshot or read live.

Old shape: an attachment is an uploaded file; a grant delivers a snapshot.
New shape: an attachment may be a table of a connected PostgreSQL database, with the shape it had; a
grant may name such a live attachment instead of a snapshot, and can change it as little.
Why: what may not be copied can be shared too. The connection's password is in no table.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KEEP_TERMS = """
CREATE OR REPLACE FUNCTION exchange_keep_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('revoked', 'expired') AND NEW.status <> OLD.status THEN
        RAISE EXCEPTION 'an ended grant never comes back' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.snapshot_id, {live_new}NEW.row_filter, NEW.consumer_id, NEW.provider_id, NEW.resource_id, NEW.valid_until)
       IS DISTINCT FROM
       (OLD.snapshot_id, {live_old}OLD.row_filter, OLD.consumer_id, OLD.provider_id, OLD.resource_id, OLD.valid_until) THEN
        RAISE EXCEPTION 'the terms of a grant never change' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
_KEEP_SHAPE = """
CREATE FUNCTION catalog_keep_shape() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'where attached data comes from never changes' USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER attachment_keep_shape BEFORE UPDATE ON attachment FOR EACH ROW
    WHEN ((old.source, old.connection, old.relation, old.is_live)
          IS DISTINCT FROM (new.source, new.connection, new.relation, new.is_live)
          OR (old.status = 'stored' AND old.shape IS DISTINCT FROM new.shape))
    EXECUTE FUNCTION catalog_keep_shape();
"""


def upgrade() -> None:
    words = sa.Enum(
        "file", "postgresql", name="source", native_enum=False, create_constraint=True, length=40
    )
    op.add_column("attachment", sa.Column("source", words, server_default="file", nullable=False))
    op.alter_column("attachment", "source", server_default=None)
    op.add_column(
        "attachment",
        sa.Column("connection", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
    )
    op.add_column(
        "attachment",
        sa.Column("relation", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=True),
    )
    op.add_column(
        "attachment", sa.Column("is_live", sa.Boolean(), server_default="false", nullable=False)
    )
    op.alter_column("attachment", "is_live", server_default=None)
    op.add_column(
        "attachment", sa.Column("shape", postgresql.JSONB(astext_type=sa.Text()), nullable=True)
    )
    op.drop_constraint(op.f("attachment_snapshot_check"), "attachment", type_="check")
    op.create_check_constraint(
        op.f("attachment_snapshot_check"),
        "attachment",
        "(status = 'stored' AND NOT is_live) = (snapshot_id IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("attachment_connection_check"),
        "attachment",
        "(source = 'postgresql') = (connection IS NOT NULL) AND (connection IS NULL) = (relation "
        "IS NULL)"
        " AND (connection IS NULL) = (shape IS NULL)",
    )
    op.create_check_constraint(
        op.f("attachment_live_check"), "attachment", "source <> 'file' OR NOT is_live"
    )
    op.execute(_KEEP_SHAPE)
    op.add_column("share_grant", sa.Column("live_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("share_grant_live_id_fkey"), "share_grant", "attachment", ["live_id"], ["id"]
    )
    op.alter_column("share_grant", "snapshot_id", nullable=True)
    op.create_check_constraint(
        op.f("share_grant_one_source_check"),
        "share_grant",
        "(snapshot_id IS NULL) <> (live_id IS NULL)",
    )
    op.execute(_KEEP_TERMS.format(live_new="NEW.live_id, ", live_old="OLD.live_id, "))


def downgrade() -> None:
    op.execute(_KEEP_TERMS.format(live_new="", live_old=""))
    op.drop_constraint(op.f("share_grant_one_source_check"), "share_grant", type_="check")
    op.alter_column("share_grant", "snapshot_id", nullable=False)
    op.drop_constraint(op.f("share_grant_live_id_fkey"), "share_grant", type_="foreignkey")
    op.drop_column("share_grant", "live_id")
    op.execute(
        "DROP TRIGGER attachment_keep_shape ON attachment; DROP FUNCTION catalog_keep_shape()"
    )
    for name in ("live", "connection", "snapshot"):
        op.drop_constraint(op.f(f"attachment_{name}_check"), "attachment", type_="check")
    op.create_check_constraint(
        op.f("attachment_snapshot_check"),
        "attachment",
        "(status = 'stored') = (snapshot_id IS NOT NULL)",
    )
    for column in ("shape", "is_live", "relation", "connection", "source"):
        op.drop_column("attachment", column)
