"""Where the values of an item come from.

Old shape: an item says of which element it is, and nothing of whose values it holds.
New shape: it says whether the department collects them itself, takes them from their source – from
whom, and how refreshed – or produces them by processing – from what, and how. What older items do
not say stays unsaid.
Why: Order 809 Art. 19 – what a source has is not collected again; Art. 25 – what was received is
not passed on as one's own.

Revision ID: 0028
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0025"
branch_labels = None
depends_on = None

_SOUND = (
    "origin IS NULL OR CASE origin ->> 'kind' WHEN 'collected' THEN true"
    " WHEN 'copied' THEN coalesce(origin ->> 'department', '') <> ''"
    " WHEN 'processed' THEN coalesce(origin -> 'lineage', '[]') <> '[]'"
    " AND coalesce(origin ->> 'method', '') <> '' ELSE false END"
)


def upgrade() -> None:
    op.add_column("resource_item", sa.Column("origin", postgresql.JSONB(none_as_null=True)))
    op.create_check_constraint(op.f("resource_item_origin_check"), "resource_item", _SOUND)


def downgrade() -> None:
    op.drop_constraint(op.f("resource_item_origin_check"), "resource_item")
    op.drop_column("resource_item", "origin")
