"""A delivery can end because its reader may no longer fetch.

Before: nine reasons; a reader who lost role, department or scope went on. After: that ends a
delivery too, and is not called a credential that ended, since another token would not help.

Revision ID: 0013
Revises: 0012
"""

from collections.abc import Sequence

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FIRST = ["disconnected", "stalled", "revoked", "expired", "unchecked", "credential_ended"]
_REST = ["shutting_down", "fault", "lost"]
_CHECK = "delivery_end_reason_check"


def upgrade() -> None:
    _allow([*_FIRST, "not_allowed", *_REST])


def downgrade() -> None:
    op.execute("ALTER TABLE delivery DISABLE TRIGGER delivery_keep_end")
    op.execute(
        "UPDATE delivery SET end_reason = 'credential_ended' WHERE end_reason = 'not_allowed'"
    )
    op.execute("ALTER TABLE delivery ENABLE TRIGGER delivery_keep_end")
    _allow([*_FIRST, *_REST])


def _allow(reasons: Sequence[str]) -> None:
    words = ", ".join(f"'{reason}'" for reason in reasons)
    op.drop_constraint(op.f(_CHECK), "delivery", type_="check")
    op.create_check_constraint(op.f(_CHECK), "delivery", f"end_reason IN ({words})")
