"""What the negative list, demands and consultations hold for departments goes over by an act only.

Old shape: nothing held the departments of negative entries, contests, voices of demands and
consultations to an act; the side that contests and the department of a voice could not change.
New shape: ``negative_entry``, ``negative_contest``, ``demand_voice``, ``grant_consultation`` and
``grant_filing`` change their departments only after an act. A contest whose sides have become one
department falls away (``lapsed``).
Why: after an act each object of an ended department gets its successor (承继).

Revision ID: 0051
Revises: 0050
"""

from alembic import context, op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_HOLDERS = {
    "negative_entry": ("department_id",),
    "negative_contest": ("opener_id", "department_id"),
    "demand_voice": ("department_id",),
    "grant_consultation": ("consumer_id", "provider_id"),
    "grant_filing": ("consumer_id", "provider_id"),
}
_GRANTED = {"negative_contest": "opener_id", "demand_voice": "department_id"}
_CONTESTS = ("raised", "answered", "upheld", "to_change", "changed")
_RAISED = "reasons <> '' AND (opener_id <> department_id OR status NOT IN ('raised', 'answered'))"
_RAISED_BEFORE = "opener_id <> department_id AND reasons <> ''"


def upgrade() -> None:
    _words((*_CONTESTS, "lapsed"))
    _check("raised", _RAISED)
    for table, columns in _HOLDERS.items():
        named = ", ".join(f"'{column}'" for column in columns)
        op.execute(
            f"CREATE TRIGGER {table}_keep_holder BEFORE UPDATE OF {', '.join(columns)} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION department_keep_holder({named})"
        )
    role = context.config.attributes["app_role"]
    for table, column in _GRANTED.items():
        op.execute(f'GRANT UPDATE ({column}) ON {table} TO "{role}"')


def downgrade() -> None:
    """Refused where a contest fell away, or one department stands on both sides."""
    role = context.config.attributes["app_role"]
    for table, column in _GRANTED.items():
        op.execute(f'REVOKE UPDATE ({column}) ON {table} FROM "{role}"')
    for table in _HOLDERS:
        op.execute(f"DROP TRIGGER {table}_keep_holder ON {table}")
    _check("raised", _RAISED_BEFORE)
    _words(_CONTESTS)


def _check(name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"negative_contest_{name}_check"), "negative_contest")
    op.create_check_constraint(op.f(f"negative_contest_{name}_check"), "negative_contest", rule)


def _words(words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    _check("status", f"status IN ({listed})")
