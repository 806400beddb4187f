"""A to-do reads its clock, a calendar has versions, and what is overdue is passed on.

Old shape: a to-do held a copy of its clock's date; a clock did not know whether anybody had been
told that it is overdue; the calendar of a year was overwritten by the next one.
New shape: a to-do names the kind of its clock; a clock counts how often it was passed on
(``escalated``).
Why: a holiday that is loaded later moves the clock, and the copy stayed behind.

Revision ID: 0020
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0021"
branch_labels = None
depends_on = None

#: The clock by which each kind of task is due.
_CLOCKS = {
    "consent_to_resource": "head_consent",
    "review_resource": "catalogue_review",
    "correct_resource": "entry_correction",
    "own_consent_sharing_head": "own_consent",
    "submitted_approver": "reply",
    "reply_prepared_sharing_head": "reply",
    "mend_grant": "delivery",
}


def upgrade() -> None:
    op.add_column(
        "todo", sa.Column("clock", sa.String(40), nullable=False, server_default=sa.text("''"))
    )
    op.alter_column("todo", "clock", server_default=None)
    for kind, clock in _CLOCKS.items():
        named = sa.text("UPDATE todo SET clock = :clock WHERE kind = :kind")
        op.execute(named.bindparams(clock=clock, kind=kind))
    op.drop_column("todo", "due_on")
    op.add_column(
        "case_clock",
        sa.Column("escalated", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
    )
    op.alter_column("case_clock", "escalated", server_default=None)


def downgrade() -> None:
    op.drop_column("case_clock", "escalated")
    op.add_column("todo", sa.Column("due_on", sa.Date(), nullable=True))
    op.execute(
        "UPDATE todo SET due_on = clock.due_on FROM case_clock clock"
        " WHERE (clock.case_no, clock.kind) = (todo.case_no, todo.clock)"
        " AND clock.closed_on IS NULL AND todo.done_at IS NULL"
    )
    op.drop_column("todo", "clock")
