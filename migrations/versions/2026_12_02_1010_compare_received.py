"""What the values of a draft have in common with what was delivered to its department is kept.

Old shape: received data is told by elements and names alone.
New shape: ``received_comparison`` holds, for each draft or working copy, which of its items stand
in which delivered column, as shares and names; never a value, nor a digest of one.
Why: under other column names nobody saw it (Order 809, Art. 25).

Revision ID: 0061
Revises: 0060
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "received_comparison",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("found", postgresql.JSONB(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("resource_id", name=op.f("received_comparison_pkey")),
        sa.ForeignKeyConstraint(
            ["resource_id"],
            ["data_resource.id"],
            name=op.f("received_comparison_resource_id_fkey"),
            ondelete="CASCADE",
        ),
    )
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE ON received_comparison TO "{role}"')


def downgrade() -> None:
    op.drop_table("received_comparison")
