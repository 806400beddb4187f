"""When a resource left its department: the head's consent as a fact of the row.

Old shape: whether an entry had ever left its department was read from its present status, so one
that the own head returned was open to the data administration.
New shape: ``data_resource.consented_at``, never unset; entries that had consent are filled in from
their reviews.
Why: what is returned before it left stays inside for ever.

Revision ID: 0012
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: Entries that came into the tables without a review (a department's
#: old catalogue) left when they were published.
_FILL = """
UPDATE data_resource SET consented_at = coalesce(
    (SELECT max(reviewed_at) FROM publication_review
     WHERE resource_id = data_resource.id AND step = 'head_consent' AND outcome = 'consented'),
    published_at
)
"""


def upgrade() -> None:
    op.add_column(
        "data_resource", sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute(_FILL)
    op.create_check_constraint(
        op.f("data_resource_consented_check"),
        "data_resource",
        "review_step IS DISTINCT FROM 'administration' OR consented_at IS NOT NULL",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("data_resource_consented_check"), "data_resource", type_="check")
    op.drop_column("data_resource", "consented_at")
