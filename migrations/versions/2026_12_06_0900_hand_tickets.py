"""A person downloads granted data from the page, by a ticket that serves once.

Old shape: data leaves to whoever sends a cookie or a service token to the data role; a transfer
ends for reasons that programs meet.
New shape: ``download_ticket`` lets one person download one grant as one kind of file, once, within
a minute: the cookie of the pages does not hold at the address of the data. Only a hash of it is
kept, and using it takes the row away. A file for Excel may hold no more rows: ``worksheet_full``.
Why: who cannot program was granted a file and got code.

Revision ID: 0068
Revises: 0067
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None
#: Programs of the revision before still run on this one.
is_additive = True

_CHECK = "delivery_end_reason_check"
_ENDS = (
    *("disconnected", "stalled", "too_slow", "no_place", "revoked", "expired", "item_suspended"),
    *("negative_entry", "drifted", "source_away", "unchecked", "credential_ended", "not_allowed"),
    *("shutting_down", "data_damaged", "fault", "lost"),
)


def upgrade() -> None:
    op.create_table(
        "download_ticket",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column(
            "face",
            sa.Enum(
                *("csv", "xlsx"),
                name="face",
                native_enum=False,
                length=40,
                create_constraint=True,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("download_ticket_pkey")),
        sa.UniqueConstraint("secret_hash", name=op.f("download_ticket_secret_hash_key")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["app_user.id"], name=op.f("download_ticket_user_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["grant_id"], ["share_grant.id"], name=op.f("download_ticket_grant_id_fkey")
        ),
    )
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT SELECT, INSERT, DELETE ON download_ticket TO "{role}"')
    # Upkeep locks what it removes, for which PostgreSQL wants a right to change a column.
    op.execute(f'GRANT UPDATE (expires_at) ON download_ticket TO "{role}"')
    _allow(*_ENDS[:-2], "worksheet_full", *_ENDS[-2:])


def downgrade() -> None:
    op.execute("ALTER TABLE delivery DISABLE TRIGGER delivery_keep_end")
    op.execute("UPDATE delivery SET end_reason = 'fault' WHERE end_reason = 'worksheet_full'")
    op.execute("ALTER TABLE delivery ENABLE TRIGGER delivery_keep_end")
    _allow(*_ENDS)
    op.drop_table("download_ticket")


def _allow(*reasons: str) -> None:
    words = ", ".join(f"'{reason}'" for reason in reasons)
    op.drop_constraint(op.f(_CHECK), "delivery", type_="check")
    op.create_check_constraint(op.f(_CHECK), "delivery", f"end_reason IN ({words})")
