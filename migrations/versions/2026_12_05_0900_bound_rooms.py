"""What a department keeps on the disk is counted and bounded.

Old shape: nothing says how large a snapshot is but its files; only the disk bounds what a
department stores.
New shape: ``stored_snapshot`` holds the bytes of each snapshot, ``reserved_room`` what uploads
under way may still bring, ``department.quota_mb`` what a department may keep where it is not what
the installation says. Snapshots stored before are measured by the upkeep.
Why: one department could fill the disk for all others.

Revision ID: 0067
Revises: 0066
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("department", sa.Column("quota_mb", sa.Integer(), nullable=True))
    op.create_check_constraint(op.f("department_quota_mb_check"), "department", "quota_mb > 0")
    op.create_table(
        "stored_snapshot",
        sa.Column("snapshot_id", sa.String(80), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("snapshot_id", name=op.f("stored_snapshot_pkey")),
    )
    op.create_table(
        "reserved_room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("reserved_room_pkey")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("reserved_room_department_id_fkey")
        ),
    )
    op.create_index(op.f("reserved_room_department_id_idx"), "reserved_room", ["department_id"])
    role = context.config.attributes["app_role"]
    op.execute(f'GRANT UPDATE (quota_mb) ON department TO "{role}"')
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON stored_snapshot TO "{role}"')
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON reserved_room TO "{role}"')


def downgrade() -> None:
    op.drop_table("reserved_room")
    op.drop_table("stored_snapshot")
    op.drop_constraint(op.f("department_quota_mb_check"), "department", type_="check")
    op.drop_column("department", "quota_mb")
