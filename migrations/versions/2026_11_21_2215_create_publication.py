"""Create the publication: reviews and published versions.

Old shape: registered resources.
New shape: the steps of a review and every published version (发布), both append-only.
Why: the third stage of the way of the data.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: What the application role may do with each table; nothing is granted that the code does not use.
_GRANTS = {"publication": "SELECT, INSERT", "publication_review": "SELECT, INSERT"}

_GUARDS = """
CREATE FUNCTION catalog_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published is kept as it was' USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER publication_keep BEFORE UPDATE OR DELETE ON publication
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_published();
CREATE TRIGGER publication_review_keep BEFORE UPDATE OR DELETE ON publication_review
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_published();
"""


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("snapshot_id", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("publication_version_check")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["app_user.id"], name=op.f("publication_published_by_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["data_resource.id"], name=op.f("publication_resource_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("publication_pkey")),
        sa.UniqueConstraint(
            "resource_id", "version", name=op.f("publication_resource_id_version_key")
        ),
    )
    op.create_table(
        "publication_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "head_consent",
                "administration",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "consented",
                "published",
                "returned",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("remark", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(step = 'head_consent' AND outcome IN ('consented', 'returned')) OR (step = "
            "'administration' AND outcome IN ('published', 'returned'))",
            name=op.f("publication_review_step_outcome_check"),
        ),
        sa.CheckConstraint(
            "outcome <> 'returned' OR remark <> ''", name=op.f("publication_review_remark_check")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["data_resource.id"], name=op.f("publication_review_resource_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["app_user.id"], name=op.f("publication_review_reviewer_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("publication_review_pkey")),
    )
    op.create_index(
        op.f("publication_review_resource_id_idx"),
        "publication_review",
        ["resource_id"],
        unique=False,
    )
    op.execute(_GUARDS)
    for table, rights in _GRANTS.items():
        op.execute(f'GRANT {rights} ON {table} TO "{role}"')


def downgrade() -> None:
    op.drop_index(op.f("publication_review_resource_id_idx"), table_name="publication_review")
    op.drop_table("publication_review")
    op.drop_table("publication")
    for function in ("catalog_keep_published",):
        op.execute(f"DROP FUNCTION {function}()")
