"""The database knows the installation's keys by their fingerprints, and who may run on it.

Old shape: keys are files of a home, and a missing one was made anew in silence: two machines had
two pseudonyms for one grant. A program ran on its own revision only.
New shape: ``installation_key`` has the fingerprint of every key; a change of it is a fact with its
event. ``installation`` has one row: the id that its home has in a file, and the oldest revision
whose programs still run on this database (``migrations/env.py`` writes it).
Why: whoever holds another key must be found out before it is used; programs of two revisions run
side by side while replicas are replaced one after the other.

Revision ID: 0063
Revises: 0062
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None
#: Programs of the revision before still run on this one.
is_additive = True

_GRANTS = (
    "SELECT ON installation",
    "SELECT, INSERT ON installation_key",
    "UPDATE (fingerprint, generation, registered_at) ON installation_key",
)


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("is_only", sa.Boolean(), nullable=False),
        sa.Column("oldest_program", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("installation_pkey")),
        sa.UniqueConstraint("is_only", name=op.f("installation_is_only_key")),
        sa.CheckConstraint("is_only", name="only"),
    )
    op.create_table(
        "installation_key",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("installation_key_pkey")),
        sa.CheckConstraint("octet_length(fingerprint) = 16", name="fingerprint_size"),
        sa.CheckConstraint("generation > 0", name="generation_counted"),
    )
    op.execute("INSERT INTO installation VALUES (gen_random_uuid(), true, '0062')")
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    op.execute("SELECT guard.govern('installation_key', 'Key', 'name')")


def downgrade() -> None:
    op.execute("SELECT guard.release('installation_key')")
    op.drop_table("installation_key")
    op.drop_table("installation")
