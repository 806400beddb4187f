"""No two departments and no two accounts look the same; entries that look alike are found.

Old shape: names differ when one character does, be it a radical for a character, a letter of
another script or a blank.
New shape: what a name looks like stands beside it (``shuqiao.skeletons``), unique for departments
and accounts, looked up for entries. Departments and accounts that looked alike already stay:
``looks_like_id`` names the first of them; the list and the page of departments say so.
Why: people decide by the names they read (Unicode Technical Standard 39).

Revision ID: 0059
Revises: 0058
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import context, op

from shuqiao.skeletons import account_skeleton, skeleton

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

_BATCH = 5_000
#: Table, column that is read by people, column of what it looks like, how that is found.
_UNIQUE: tuple[tuple[str, str, str, Callable[[str], str]], ...] = (
    ("department", "name", "name_skeleton", skeleton),
    ("app_user", "account", "account_skeleton", account_skeleton),
)


def upgrade() -> None:
    op.execute("SELECT guard.excuse('what names look like is noted beside them')")
    role = context.config.attributes["app_role"]
    for table, name, looks, folded in _UNIQUE:
        op.add_column(table, sa.Column(looks, sa.String(), server_default="", nullable=False))
        op.add_column(table, sa.Column("looks_like_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"{table}_looks_like_id_fkey"), table, table, ["looks_like_id"], ["id"]
        )
        op.create_index(op.f(f"{table}_looks_like_id_idx"), table, ["looks_like_id"])
        _note(table, name, looks, folded, first=True)
        op.create_index(
            f"{table}_{looks}_key",
            table,
            [looks],
            unique=True,
            postgresql_where=sa.text(f"{looks} <> '' AND looks_like_id IS NULL"),
        )
    op.add_column(
        "data_resource",
        sa.Column("title_skeleton", sa.String(), server_default="", nullable=False),
    )
    _note("data_resource", "title", "title_skeleton", skeleton, first=False)
    op.create_index(op.f("data_resource_title_skeleton_idx"), "data_resource", ["title_skeleton"])
    op.execute(f'GRANT UPDATE (name_skeleton, looks_like_id) ON department TO "{role}"')


def _note(table: str, name: str, looks: str, folded: Callable[[str], str], *, first: bool) -> None:
    """What each name looks like, oldest first; ``first``: later ones name the first of theirs."""
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, {name} FROM {table} ORDER BY id")).all()
    seen: dict[str, object] = {}
    noted = []
    for identity, said in rows:
        like = folded(said)
        before = seen.setdefault(like, identity)
        other = before if before != identity else None
        noted.append({"id": identity, "like": like, "first": other})
    also = ", looks_like_id = :first" if first else ""
    for start in range(0, len(noted), _BATCH):
        connection.execute(
            sa.text(f"UPDATE {table} SET {looks} = :like{also} WHERE id = :id"),
            noted[start : start + _BATCH],
        )
    # Deferred checks of these rows must be done before their table changes again.
    connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))


def downgrade() -> None:
    op.drop_column("data_resource", "title_skeleton")
    for table, _name, looks, _folded in _UNIQUE:
        op.drop_column(table, looks)
        op.drop_column(table, "looks_like_id")
