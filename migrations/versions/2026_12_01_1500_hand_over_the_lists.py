"""Entries of the negative list, contests and voices of demands go over to a successor, and only
after an act; a refusal of a demand is not mediated by who contested it.

Old shape: they stay with the department that has ended.
New shape: ``contester_id`` says who contested the last refusal.
Why: Order 809, Arts. 15 and 20; an act about departments frees nothing.

Revision ID: 0051
Revises: 0050
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_HELD = ("negative_entry", "negative_contest", "demand_voice")
_GRANTS = ("UPDATE (department_id) ON demand_voice", "UPDATE (contester_id) ON demand")


def upgrade() -> None:
    op.add_column("demand", sa.Column("contester_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("demand_contester_id_fkey"), "demand", "app_user", ["contester_id"], ["id"]
    )
    for table in _HELD:
        op.execute(
            f"CREATE TRIGGER {table}_keep_holder BEFORE UPDATE OF department_id ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION department_keep_holder('department_id')"
        )
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')


def downgrade() -> None:
    role = context.config.attributes["app_role"]
    op.execute(f'REVOKE UPDATE (department_id) ON demand_voice FROM "{role}"')
    for table in _HELD:
        op.execute(f"DROP TRIGGER {table}_keep_holder ON {table}")
    op.drop_constraint(op.f("demand_contester_id_fkey"), "demand")
    op.drop_column("demand", "contester_id")
