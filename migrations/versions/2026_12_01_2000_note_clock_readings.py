"""The database's time is noted, so that nothing is ended for good by one reading of a clock.

Old shape: a sweeper writes as ended what is past its day by the clock of the moment.
New shape: ``clock_reading`` holds moments that the database's clock has shown; sweepers go by the
newest one that is six hours old.
Why: one wrong clock for less than a minute ended every grant, irreversibly.

Revision ID: 0056
Revises: 0052
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0056"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clock_reading",
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("read_at", name=op.f("clock_reading_pkey")),
    )
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, DELETE ON clock_reading TO "{role}"')


def downgrade() -> None:
    op.drop_table("clock_reading")
