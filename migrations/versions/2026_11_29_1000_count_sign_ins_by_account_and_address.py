"""Failed sign-ins are counted by account and address.

Old shape: one row an account or an address, under the text that was typed as the account.
New shape: one row an account *and* address, either of them empty for all; of the account a keyed
hash; and when it was last signed in to from there.
Why: strangers locked people out at addresses they had never been at, and an address locked
everybody behind it. What was typed may have been a password. The rows are worth minutes, so the old
ones are not kept: locks end with this revision.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_Text = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    _make_anew(
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("address", _Text(length=45), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("succeeded_at", sa.DateTime(timezone=True), nullable=True),
        key=("account", "address"),
    )


def downgrade() -> None:
    _make_anew(
        sa.Column("subject", _Text(length=80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        key=("subject",),
    )


def _make_anew(*columns: sa.Column, key: tuple[str, ...]) -> None:
    op.drop_table("sign_in_throttle")
    op.create_table(
        "sign_in_throttle",
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f("sign_in_throttle_pkey")),
    )
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_throttle TO "{role}"')
