"""Suspected duplicates.

Old shape: nothing is known of items that hold what an element stands for already.
New shape: ``column_profile`` (what columns hold, in keyed digests), ``duplicate_sweep`` (each pass
over all items), ``suspected_duplicate`` (what the last one found) and ``duplicate_ruling`` (what
people said of it, never changed).
Why: one datum has one source (Order 809, Art. 19); what is called otherwise is found by comparing.

Revision ID: 0029
Revises: 0027
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0027"
branch_labels = None
depends_on = None

_KEEP = """
CREATE FUNCTION catalog_keep_ruling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said of a suspected duplicate, and a sweep, never change'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER duplicate_ruling_keep BEFORE UPDATE OR DELETE ON duplicate_ruling
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_ruling();
CREATE TRIGGER duplicate_sweep_keep BEFORE UPDATE OR DELETE ON duplicate_sweep
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_ruling();
"""
_GOVERNED = (
    "('duplicate_sweep', 'DuplicateSweep', 'sweep_no')",
    "('duplicate_ruling', 'DataResource', 'code', whole => 'data_resource', key => 'resource_id')",
)
_GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON column_profile, suspected_duplicate TO "{role}";
GRANT SELECT, INSERT ON duplicate_sweep, duplicate_ruling TO "{role}";
"""
_TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    _create_profiles()
    _create_suspicions()
    _create_rulings()
    op.execute(_KEEP)
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")
    op.execute(_GRANTS.format(role=context.config.attributes["app_role"]))


def _create_profiles() -> None:
    op.create_table(
        "column_profile",
        sa.Column("snapshot_id", _TEXT(length=80), nullable=False),
        sa.Column("column_name", _TEXT(length=200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("kinds", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prefixes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id", "column_name", name=op.f("column_profile_pkey")),
    )


def _create_suspicions() -> None:
    op.create_table(
        "duplicate_sweep",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sweep_no", _TEXT(length=20), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("elements", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("duplicate_sweep_pkey")),
        sa.UniqueConstraint("sweep_no", name=op.f("duplicate_sweep_sweep_no_key")),
    )
    op.create_table(
        "suspected_duplicate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fingerprint", _TEXT(length=16), nullable=False),
        sa.Column("sweep_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "score BETWEEN 0 AND 1000", name=op.f("suspected_duplicate_score_check")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"suspected_duplicate_{column}_fkey"),
                ondelete=ondelete,
            )
            for column, table, ondelete in (
                ("item_id", "resource_item", "CASCADE"),
                ("element_id", "data_element", None),
                ("resource_id", "data_resource", "CASCADE"),
                ("provider_id", "department", None),
                ("sweep_id", "duplicate_sweep", None),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("suspected_duplicate_pkey")),
        sa.UniqueConstraint(
            "item_id", "element_id", name=op.f("suspected_duplicate_item_id_element_id_key")
        ),
    )
    for columns in (["element_id"], ["resource_id"], ["provider_id", "score"]):
        name = f"suspected_duplicate_{'_'.join(columns)}_idx"
        op.create_index(op.f(name), "suspected_duplicate", columns)


def _create_rulings() -> None:
    op.create_table(
        "duplicate_ruling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", _TEXT(length=16), nullable=False),
        sa.Column("reason", _TEXT(length=500), nullable=False),
        sa.Column("ruled_by", sa.Uuid(), nullable=False),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"duplicate_ruling_{column}_fkey")
            )
            for column, table in (
                ("resource_id", "data_resource"),
                ("element_id", "data_element"),
                ("ruled_by", "app_user"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("duplicate_ruling_pkey")),
        sa.UniqueConstraint(
            "item_id",
            "element_id",
            "fingerprint",
            name=op.f("duplicate_ruling_item_id_element_id_fingerprint_key"),
        ),
    )
    op.create_index(op.f("duplicate_ruling_resource_id_idx"), "duplicate_ruling", ["resource_id"])


def downgrade() -> None:
    for table in ("duplicate_ruling", "duplicate_sweep"):
        op.execute(f"SELECT guard.release('{table}')")
    for table in ("duplicate_ruling", "suspected_duplicate", "duplicate_sweep", "column_profile"):
        op.drop_table(table)
    op.execute("DROP FUNCTION catalog_keep_ruling()")
