"""Who decides on a source claim is computed, as of a source conflict.

Old shape: any data administration names any source.
New shape: ``instance`` is the level and area that decide, ``judge_id`` the administration of it on
this platform; of an upper source the one that records it. What is there already says nothing of
it (any data administration) until the hourly job finds who decides.
Why: Order 809, Art. 19: each data administration names sources at its own level.

Revision ID: 0060
Revises: 0059
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "source_claim", sa.Column("instance", sa.String(20), nullable=False, server_default="")
    )
    op.add_column("source_claim", sa.Column("judge_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("source_claim_judge_id_fkey"), "source_claim", "department", ["judge_id"], ["id"]
    )
    op.create_index(op.f("source_claim_judge_id_idx"), "source_claim", ["judge_id"])
    op.create_check_constraint(
        op.f("source_claim_instance_check"), "source_claim", "judge_id IS NULL OR instance <> ''"
    )
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT UPDATE (instance, judge_id) ON source_claim TO "{role}"')


def downgrade() -> None:
    op.drop_constraint(op.f("source_claim_instance_check"), "source_claim")
    op.drop_column("source_claim", "judge_id")
    op.drop_column("source_claim", "instance")
