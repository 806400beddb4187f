"""No index on the share type of resources.

Three values: no query is served better by it than by the catalogue's covering index. A search for a
common word within one share type took it instead of the index of words, and then read every vector
from TOAST (44 ms at 10,000 resources).

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("data_resource_share_type_idx", table_name="data_resource")


def downgrade() -> None:
    op.create_index("data_resource_share_type_idx", "data_resource", ["share_type"], unique=False)
