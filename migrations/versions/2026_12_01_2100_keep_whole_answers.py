"""A repeated request gets the first answer again as it was, byte for byte.

Old shape: ``idempotency_key.answer`` holds what an answer says; its bytes and headers were made
again, so that ``ETag`` and ``Location`` were missing.
New shape: ``body`` holds its bytes, ``headers`` those that belong to it. Both are null of forms,
of answers with a secret, which is kept nowhere, and of keys from before.
Why: a client that lost the connection has nothing but the second answer.

Revision ID: 0057
Revises: 0056
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("idempotency_key", sa.Column("body", sa.LargeBinary(), nullable=True))
    op.add_column("idempotency_key", sa.Column("headers", postgresql.JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency_key", "headers")
    op.drop_column("idempotency_key", "body")
