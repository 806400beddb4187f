"""A department asks once at a time for a resource and a purpose.

Old shape: requests of the same words ran beside each other.
New shape: the digest of the purpose (basis and scenario, folded) with each request, and a unique
index over department, resource and digest of the requests that are open.
Why: a second one is refused and leads to the first; two at the same moment end in one.

Of twins that were open already the first keeps the digest; each later one gets one of its own
number, so that all of them go on.

Revision ID: 0018
Revises: 0016
"""

import hashlib
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

_OPEN = "status IN ('own_consent', 'submitted', 'reply_prepared')"
_OPEN_STATES = ("own_consent", "submitted", "reply_prepared")


def upgrade() -> None:
    op.add_column("share_request", sa.Column("purpose_digest", sa.String(64), nullable=True))
    _fill_digests(op.get_bind())
    op.alter_column("share_request", "purpose_digest", nullable=False)
    op.create_index(
        "share_request_asked_once_idx",
        "share_request",
        ["consumer_id", "resource_id", "purpose_digest"],
        unique=True,
        postgresql_where=sa.text(_OPEN),
    )


def _fill_digests(connection: sa.Connection) -> None:
    asked = connection.execute(
        sa.text(
            "SELECT id, request_no, consumer_id, resource_id, basis, scenario, status"
            " FROM share_request ORDER BY id"
        )
    ).all()
    taken = set()
    for row in asked:
        digest = _digest(row.basis, row.scenario)
        place = row.consumer_id, row.resource_id, digest
        if row.status in _OPEN_STATES:
            if place in taken:
                digest = _digest(row.request_no, "")
            taken.add(place)
        connection.execute(
            sa.text("UPDATE share_request SET purpose_digest = :digest WHERE id = :id"),
            {"digest": digest, "id": row.id},
        )


def _digest(basis: str, scenario: str) -> str:
    return hashlib.sha256("\0".join(map(_folded, (basis, scenario))).encode()).hexdigest()


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(unicodedata.normalize("NFKC", folded).split())


def downgrade() -> None:
    op.drop_index("share_request_asked_once_idx", table_name="share_request")
    op.drop_column("share_request", "purpose_digest")
