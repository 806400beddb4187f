"""A clock knows on what its limit rests: law, the place's own rule, or the platform's word.

Before: the article only, of the State Council's order. After: basis and instrument as well; clocks
that run rest on the order.

Revision ID: 0014
Revises: 0013
"""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_ORDER_809 = {
    "zh": "政务数据共享条例",
    "en": "Regulation on the Sharing of Government Data",
    "number": "国务院令第809号",
    "number_en": "Order 809",
}


def upgrade() -> None:
    op.add_column("case_clock", sa.Column("basis", sa.String(40), nullable=True))
    op.add_column("case_clock", sa.Column("instrument", JSONB(), nullable=True))
    filled = sa.text("UPDATE case_clock SET basis = 'statutory', instrument = CAST(:kept AS jsonb)")
    op.execute(filled.bindparams(kept=json.dumps(_ORDER_809, ensure_ascii=False)))
    op.alter_column("case_clock", "basis", nullable=False)
    op.alter_column("case_clock", "instrument", nullable=False)
    op.create_check_constraint(
        op.f("case_clock_basis_check"), "case_clock", "basis IN ('statutory', 'local', 'policy')"
    )


def downgrade() -> None:
    op.drop_column("case_clock", "instrument")
    op.drop_column("case_clock", "basis")
