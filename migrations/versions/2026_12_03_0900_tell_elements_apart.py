"""No two adopted data elements look the same.

Old shape: within an object class the names of adopted elements differ when one character does, be
it a radical for a character, a letter of another script or a blank.
New shape: what name and object class look like stands beside them (``shuqiao.skeletons``), unique
for what is recorded or adopted. Elements that looked alike already stay; the later ones name the
first (``duplicate_of_id``).
Why: one standard for each datum, and people decide by the names they read.

Revision ID: 0065
Revises: 0064
"""

import sqlalchemy as sa
from alembic import op

from shuqiao.skeletons import skeleton

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_INDEX = "data_element_adopted_key"
_ADOPTED = "status IN ('recorded', 'standard') AND duplicate_of_id IS NULL"
_BATCH = 5_000
_NOTE = sa.text(
    "UPDATE data_element SET looks = said.looks FROM unnest("
    "CAST(:ids AS uuid[]), CAST(:looks AS text[])) AS said (id, looks)"
    " WHERE data_element.id = said.id"
)
_FIRST = f"""
UPDATE data_element SET duplicate_of_id = first.id
FROM (
    SELECT id, first_value(id) OVER (PARTITION BY looks ORDER BY adopted_at NULLS LAST, number)
    FROM data_element WHERE {_ADOPTED}
) AS alike (id, first_id) JOIN data_element AS first ON first.id = alike.first_id
WHERE data_element.id = alike.id AND first.id <> alike.id
"""


def upgrade() -> None:
    op.execute("SELECT guard.excuse('what elements look like is noted beside them')")
    op.drop_index(_INDEX, table_name="data_element")
    op.add_column(
        "data_element", sa.Column("looks", sa.String(), server_default="", nullable=False)
    )
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, name, object_class FROM data_element")).all()
    for start in range(0, len(rows), _BATCH):
        part = rows[start : start + _BATCH]
        looks = [f"{skeleton(name)}\n{skeleton(of)}" for _id, name, of in part]
        connection.execute(_NOTE, {"ids": [row[0] for row in part], "looks": looks})
    op.execute(_FIRST)
    # Deferred checks of these rows must be done before their table changes again.
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.create_index(
        _INDEX,
        "data_element",
        ["looks"],
        unique=True,
        postgresql_where=sa.text(f"{_ADOPTED} AND looks <> ''"),
    )


def downgrade() -> None:
    op.drop_index(_INDEX, table_name="data_element")
    op.drop_column("data_element", "looks")
    op.create_index(
        _INDEX,
        "data_element",
        ["name", "object_class"],
        unique=True,
        postgresql_where=sa.text(_ADOPTED),
    )
