"""How far data keeps to the standards of its columns.

Old shape: nobody looks whether the values of a column are those of its standard.
New shape: ``conformity_report`` holds of each edition, and of the data of a draft, what was checked
and what failed; ``conformity_run`` how far a check has come. Editions there are checked by a job.
Why: one standard for each datum is kept only where it is looked at.

Revision ID: 0031
Revises: 0028
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0028"
branch_labels = None
depends_on = None

_GRANTS = {
    "conformity_report": "SELECT, INSERT",
    "conformity_run": "SELECT, INSERT, UPDATE, DELETE",
}
_GUARDS = """
CREATE FUNCTION catalog_keep_conformity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a report stays as it was made'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER conformity_report_keep BEFORE UPDATE ON conformity_report
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_conformity();
"""
_Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "conformity_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("edition_id", sa.Uuid(), nullable=True),
        sa.Column("standards", _Text(length=64), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("failures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["data_resource.id"],
            name=op.f("conformity_report_resource_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("conformity_report_attachment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("conformity_report_edition_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("conformity_report_pkey")),
        sa.UniqueConstraint("edition_id", name=op.f("conformity_report_edition_id_key")),
    )
    op.create_index(
        op.f("conformity_report_attachment_id_idx"), "conformity_report", ["attachment_id"]
    )
    op.create_index(
        "conformity_report_draft_key",
        "conformity_report",
        ["resource_id", "attachment_id", "standards"],
        unique=True,
        postgresql_where=sa.text("edition_id IS NULL"),
    )
    op.create_table(
        "conformity_run",
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("rows_known", sa.BigInteger(), nullable=False),
        sa.Column("rows_done", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["data_resource.id"],
            name=op.f("conformity_run_resource_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("about", name=op.f("conformity_run_pkey")),
    )
    op.create_index(op.f("conformity_run_resource_id_idx"), "conformity_run", ["resource_id"])
    op.execute(_GUARDS)
    role = context.config.attributes["app_role"]
    for table, rights in _GRANTS.items():
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')
    op.execute(
        "SELECT guard.govern('conformity_report', 'DataResource', 'code', whole => 'data_resource',"
        " key => 'resource_id', in_stream => true)"
    )


def downgrade() -> None:
    op.execute("SELECT guard.release('conformity_report')")
    op.drop_table("conformity_report")
    op.execute("DROP FUNCTION catalog_keep_conformity()")
    op.drop_table("conformity_run")
