"""The end of a delivery says how much surely arrived, and why a slow one was cut.

Old shape: an ended delivery says how much was handed to the connection; a reader who is cut took
nothing; a source that fails in the midst is a fault of ours.
New shape: ``acknowledged_bytes`` beside ``bytes``, the least beside the most that can have arrived;
four more reasons: the reader took too little, no place became free, what it delivered is no longer
what was granted, the provider's database could not be read.
Why: bytes that were thrown away with the connection never arrived, and who answers for data has to
know how much did.

Revision ID: 0054
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0052"
branch_labels = None
depends_on = None

_OLD = (
    *("disconnected", "stalled", "revoked", "expired", "item_suspended", "negative_entry"),
    *("unchecked", "credential_ended", "not_allowed", "shutting_down", "fault", "lost"),
)
_NEW = (
    *("disconnected", "stalled", "too_slow", "no_place", "revoked", "expired", "item_suspended"),
    *("negative_entry", "drifted", "source_away", "unchecked", "credential_ended", "not_allowed"),
    *("shutting_down", "fault", "lost"),
)


def upgrade() -> None:
    op.add_column("delivery", sa.Column("acknowledged_bytes", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("delivery_acknowledged_check"), "delivery", "acknowledged_bytes BETWEEN 0 AND bytes"
    )
    _reasons(_NEW)


def downgrade() -> None:
    op.execute("SELECT guard.excuse('reasons that the older shape does not know')")
    op.execute("ALTER TABLE delivery DISABLE TRIGGER delivery_keep_end")
    for new, old in (
        ("too_slow", "stalled"),
        ("no_place", "unchecked"),
        ("drifted", "not_allowed"),
        ("source_away", "fault"),
    ):
        op.execute(f"UPDATE delivery SET end_reason = '{old}' WHERE end_reason = '{new}'")
    op.execute("ALTER TABLE delivery ENABLE TRIGGER delivery_keep_end")
    _reasons(_OLD)
    op.drop_constraint(op.f("delivery_acknowledged_check"), "delivery")
    op.drop_column("delivery", "acknowledged_bytes")


def _reasons(reasons: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("delivery_end_reason_check"), "delivery")
    listed = ", ".join(f"'{reason}'" for reason in reasons)
    op.create_check_constraint(
        op.f("delivery_end_reason_check"), "delivery", f"end_reason IN ({listed})"
    )
