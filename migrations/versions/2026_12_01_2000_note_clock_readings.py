"""The database's time is noted, and what came last is told by time, not by an id made from it.

Old shape: a sweeper writes as ended what is past its day by the clock of the moment; the guards
take the step with the greatest id for the last one.
New shape: ``clock_reading`` holds moments that the database's clock has shown; sweepers go by the
newest one that is six hours old. The guards take the latest step.
Why: one wrong clock for less than a minute ended every grant, irreversibly, and what it had made
stayed the last one for ever.

Revision ID: 0056
Revises: 0055
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


_BY_ID = "ORDER BY id DESC"
#: The guards that look at the last step, and when a step was taken.
_LAST = {
    "exchange_check_step": "ORDER BY at DESC, id DESC",
    "catalog_check_publisher": "ORDER BY reviewed_at DESC, id DESC",
    "catalog_check_reviewer": "ORDER BY reviewed_at DESC, id DESC",
}


def upgrade() -> None:
    op.create_table(
        "clock_reading",
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("read_at", name=op.f("clock_reading_pkey")),
    )
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, DELETE ON clock_reading TO "{role}"')
    for function, by_time in _LAST.items():
        _rewrite(function, _BY_ID, by_time)


def downgrade() -> None:
    for function, by_time in _LAST.items():
        _rewrite(function, by_time, _BY_ID)
    op.drop_table("clock_reading")


def _rewrite(function: str, before: str, after: str) -> None:
    """The rest of the function stays as it is."""
    told = op.get_bind().execute(
        sa.text("SELECT pg_get_functiondef(CAST(:function AS regproc))"), {"function": function}
    )
    text = str(told.scalar_one())
    if text.count(before) != 1:
        raise RuntimeError(f"{function} does not say {before!r} once")
    op.execute(sa.text(text.replace(before, after).replace(":", "\\:")))
