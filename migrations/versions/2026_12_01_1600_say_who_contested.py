"""A refusal of a demand is not mediated by who contested it.

Old shape: only who answered a demand is known.
New shape: ``contester_id`` says who contested the last refusal.
Why: nobody decides on what they said themselves.

Revision ID: 0052
Revises: 0051
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("demand", sa.Column("contester_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("demand_contester_id_fkey"), "demand", "app_user", ["contester_id"], ["id"]
    )
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT UPDATE (contester_id) ON demand TO "{role}"')


def downgrade() -> None:
    op.drop_constraint(op.f("demand_contester_id_fkey"), "demand")
    op.drop_column("demand", "contester_id")
