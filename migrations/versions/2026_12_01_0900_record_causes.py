"""Updates of the catalogue have a cause: one act for all the entries that it concerns.

Old shape: a change of law or duties is recorded for one entry at a time.
New shape: a cause says once what happened; each update belongs to one, repeats its kind and day
(held by the foreign key), and may ask for an entry that is still to be registered. An update that
is not needed is dismissed with reasons. A cause never changes: no right to, in the database.
Every update of before gets a cause of its own.
Why: Order 809, Art. 17; a law concerns many entries, and the limit is owed for each.

Revision ID: 0042
Revises: 0040
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None

_OLD_KINDS = ("law", "administrative_regulation", "state_council_decision", "duty")
_KINDS = (
    *_OLD_KINDS,
    *("new_data", "source_re_assigned", "negative_entry", "basis_lapsed"),
    *("department_reorganised", "department_renamed"),
)
_OLD_STATES = ("due", "extension_asked", "extended", "met")
_STATES = (*_OLD_STATES, "dismissed")
_CHECKS = {
    "asked": "status IN ('due', 'met', 'dismissed') OR asked_at IS NOT NULL",
    "dismissed": "(status = 'dismissed') = (dismissed_for <> '')",
    "entry": "resource_code <> '' OR kind = 'new_data' AND status <> 'met'",
    "system": "system_id IS NULL OR kind = 'new_data'",
}
#: One for each update of before, numbered by its year in the order of the updates.
_FILL = """
CREATE TEMPORARY TABLE cause_of ON COMMIT DROP AS
SELECT id AS change_id, uuidv7() AS cause_id, split_part(change_no, '-', 2)::int AS year,
    row_number() OVER (PARTITION BY split_part(change_no, '-', 2) ORDER BY change_no) AS place
FROM catalogue_change;
INSERT INTO update_cause (id, cause_no, kind, changed_on, basis, about_type, about_no, recorder_id,
    department_id, created_at)
SELECT cause_of.cause_id, 'UC-' || year || '-' || lpad(place::text, 6, '0'), kind, changed_on, basis, '', '',
    recorder_id, app_user.department_id, c.created_at
FROM cause_of JOIN catalogue_change AS c ON c.id = change_id
    JOIN app_user ON app_user.id = c.recorder_id;
UPDATE catalogue_change SET cause_id = cause_of.cause_id FROM cause_of WHERE change_id = id;
INSERT INTO number_series (prefix, year, last)
SELECT 'UC', year, max(place) FROM cause_of GROUP BY year;
"""
_DROP = """
UPDATE catalogue_change SET kind = 'duty' WHERE kind IN ('source_re_assigned',
    'department_reorganised', 'basis_lapsed', 'negative_entry', 'department_renamed');
UPDATE catalogue_change SET status = 'met' WHERE status = 'dismissed' AND kind <> 'new_data';
DELETE FROM case_clock WHERE case_no IN (
    SELECT change_no FROM catalogue_change WHERE kind = 'new_data');
DELETE FROM todo WHERE case_no IN (
    SELECT change_no FROM catalogue_change WHERE kind = 'new_data');
DELETE FROM catalogue_change WHERE kind = 'new_data';
UPDATE catalogue_change SET recorder_id = (SELECT min(id::text)::uuid FROM app_user)
    WHERE recorder_id IS NULL;
DELETE FROM number_series WHERE prefix = 'UC';
"""


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _allow(column: str, words: tuple[str, ...]) -> None:
    name = op.f(f"catalogue_change_{column}_check")
    op.drop_constraint(name, "catalogue_change")
    op.create_check_constraint(name, "catalogue_change", _one_of(column, words))


def upgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute("SELECT guard.excuse('every update of before gets its cause')")
    _create_cause()
    op.execute(f'GRANT SELECT, INSERT ON update_cause TO "{role}"')
    op.execute("SELECT guard.govern('update_cause', 'UpdateCause', 'cause_no')")
    for column in (
        sa.Column("cause_id", sa.Uuid(), nullable=True),
        sa.Column("system_id", sa.Uuid(), nullable=True),
        sa.Column("dismissed_for", sa.String(500), nullable=False, server_default=""),
    ):
        op.add_column("catalogue_change", column)
    op.alter_column("catalogue_change", "dismissed_for", server_default=None)
    op.execute(_FILL)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.alter_column("catalogue_change", "cause_id", nullable=False)
    op.alter_column("catalogue_change", "recorder_id", nullable=True)
    _hold_updates()


def _create_cause() -> None:
    kind = sa.Enum(*_KINDS, name="kind", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "update_cause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cause_no", sa.String(20), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(500), nullable=False),
        sa.Column("about_type", sa.String(40), nullable=False),
        sa.Column("about_no", sa.String(60), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(about_type = '') = (about_no = '')", name="about"),
        sa.CheckConstraint("recorder_id IS NOT NULL OR about_no <> ''", name="recorder"),
        sa.CheckConstraint("(recorder_id IS NULL) = (department_id IS NULL)", name="department"),
        sa.ForeignKeyConstraint(
            ["recorder_id"], ["app_user.id"], name=op.f("update_cause_recorder_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("update_cause_department_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("update_cause_pkey")),
        sa.UniqueConstraint("cause_no", name=op.f("update_cause_cause_no_key")),
        sa.UniqueConstraint(
            "id", "kind", "changed_on", name=op.f("update_cause_id_kind_changed_on_key")
        ),
    )
    op.create_index(
        "update_cause_about_key",
        "update_cause",
        ["kind", "about_type", "about_no", "changed_on"],
        unique=True,
        postgresql_where=sa.text("about_no <> ''"),
    )


def _hold_updates() -> None:
    _allow("kind", _KINDS)
    _allow("status", _STATES)
    op.drop_constraint(op.f("catalogue_change_asked_check"), "catalogue_change")
    for name, rule in _CHECKS.items():
        op.create_check_constraint(op.f(f"catalogue_change_{name}_check"), "catalogue_change", rule)
    parts = ["kind", "changed_on"]
    op.create_foreign_key(
        "catalogue_change_cause_id_fkey",
        "catalogue_change",
        "update_cause",
        ["cause_id", *parts],
        ["id", *parts],
    )
    op.create_foreign_key(
        op.f("catalogue_change_system_id_fkey"),
        "catalogue_change",
        "information_system",
        ["system_id"],
        ["id"],
    )
    for name in ("cause_id", "system_id"):
        op.create_index(op.f(f"catalogue_change_{name}_idx"), "catalogue_change", [name])
    op.create_index(
        "catalogue_change_cause_key",
        "catalogue_change",
        ["cause_id", "resource_code"],
        unique=True,
        postgresql_where=sa.text("resource_code <> '' AND kind <> 'new_data'"),
    )


def downgrade() -> None:
    op.execute("SELECT guard.excuse('updates have no cause of their own again')")
    op.drop_index("catalogue_change_cause_key", "catalogue_change")
    for name in ("cause_id_fkey", "system_id_fkey", *(f"{name}_check" for name in _CHECKS)):
        op.drop_constraint(op.f(f"catalogue_change_{name}"), "catalogue_change")
    op.execute(_DROP)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _allow("kind", _OLD_KINDS)
    _allow("status", _OLD_STATES)
    op.create_check_constraint(
        op.f("catalogue_change_asked_check"),
        "catalogue_change",
        "status = 'due' OR status = 'met' OR asked_at IS NOT NULL",
    )
    op.alter_column("catalogue_change", "recorder_id", nullable=False)
    for name in ("cause_id", "system_id", "dismissed_for"):
        op.drop_column("catalogue_change", name)
    op.execute("SELECT guard.release('update_cause')")
    op.drop_table("update_cause")
