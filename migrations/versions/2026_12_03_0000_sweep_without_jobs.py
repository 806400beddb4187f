"""What recurs leaves no jobs.

Old shape: of each recurring task a job is written in each period, 560,000 rows a month.
New shape: ``sweep`` holds one row for each recurring task. Jobs of recurring tasks that did not run
go; those that ran are removed by the upkeep.
Why: the deletion of so many rows timed out and never came to an end.

Revision ID: 0064
Revises: 0063
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_OF_A_PERIOD = "queueing_lock LIKE 'every:%' AND status <> 'succeeded' AND status <> 'doing'"


def upgrade() -> None:
    _sweep()
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON sweep TO "{role}"')
    op.execute(f"DELETE FROM jobs.procrastinate_jobs WHERE {_OF_A_PERIOD}")


def downgrade() -> None:
    op.drop_table("sweep")


def _sweep() -> None:
    op.create_table(
        "sweep",
        sa.Column("task", sa.String(80), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(200), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("task", name=op.f("sweep_pkey")),
    )
