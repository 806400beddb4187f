"""A draft knows which form was sent last, so that what comes late of that form is not kept.

Before: sending a form deleted its draft; a saving on its way then made it anew. After: the row
stays, empty, with the key of the form.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("form_draft", sa.Column("sent_key", sa.String(255), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM form_draft WHERE sent_key IS NOT NULL")
    op.drop_column("form_draft", "sent_key")
