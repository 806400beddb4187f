"""The yearly census of systems; entries name the system that they come from.

Old shape: a system is registered once, and an entry does not say where its data arises.
New shape: ``system_census`` holds the censuses, ``census_return`` what each department owes and
reported, ``system_confirmation`` what was said of each system; ``data_resource.system_id`` names
the system of an entry. No entry names one yet.
Why: the register is right only if it is confirmed; coverage is counted by it.

Revision ID: 0039
Revises: 0029
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0039"
down_revision = "0029"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT, UPDATE ON system_census",
    "SELECT, INSERT, UPDATE ON census_return",
    "SELECT, INSERT ON system_confirmation",
)
_GOVERNED = (
    "('system_census', 'Census', 'census_no')",
    "('census_return', 'CensusReturn', 'return_no')",
    "('system_confirmation', 'System', 'system_no', whole => 'information_system',"
    " key => 'system_id')",
)
_GUARDS = """
CREATE FUNCTION catalog_keep_census() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_TABLE_NAME = 'system_confirmation' THEN
        RAISE EXCEPTION 'what was said in a census stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status IN ('closed', 'reported', 'missed') AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'the result of a census stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER system_census_keep BEFORE UPDATE OR DELETE ON system_census
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_census();
CREATE TRIGGER census_return_keep BEFORE UPDATE OR DELETE ON census_return
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_census();
CREATE TRIGGER system_confirmation_keep BEFORE UPDATE OR DELETE ON system_confirmation
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_census();
"""


def _words(name: str, *words: str) -> sa.Column:
    kind = sa.Enum(*words, name=name, native_enum=False, length=40, create_constraint=True)
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    _create_census()
    _create_return()
    _create_confirmation()
    op.execute(_GUARDS)
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")
    op.add_column("data_resource", sa.Column("system_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("data_resource_system_id_fkey"),
        "data_resource",
        "information_system",
        ["system_id"],
        ["id"],
    )
    op.create_index(op.f("data_resource_system_id_idx"), "data_resource", ["system_id"])


def _create_census() -> None:
    op.create_table(
        "system_census",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("census_no", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        _words("status", "open", "closed"),
        sa.Column("opener_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        sa.ForeignKeyConstraint(
            ["opener_id"], ["app_user.id"], name=op.f("system_census_opener_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("system_census_pkey")),
        sa.UniqueConstraint("census_no", name=op.f("system_census_census_no_key")),
        sa.UniqueConstraint("year", name=op.f("system_census_year_key")),
    )


def _create_return() -> None:
    op.create_table(
        "census_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("return_no", sa.String(20), nullable=False),
        sa.Column("census_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        _words("status", "due", "reported", "missed"),
        sa.Column("reporter_id", sa.Uuid(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("system_count", sa.Integer(), nullable=True),
        sa.Column("corrected_count", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'reported') = (reported_at IS NOT NULL)"
            " AND (reported_at IS NULL) = (system_count IS NULL)"
            " AND (reported_at IS NULL) = (reporter_id IS NULL)"
            " AND corrected_count BETWEEN 0 AND system_count",
            name="reported",
        ),
        sa.ForeignKeyConstraint(
            ["census_id"], ["system_census.id"], name=op.f("census_return_census_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["department.id"], name=op.f("census_return_owner_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"], ["app_user.id"], name=op.f("census_return_reporter_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("census_return_pkey")),
        sa.UniqueConstraint("return_no", name=op.f("census_return_return_no_key")),
        sa.UniqueConstraint(
            "census_id", "owner_id", name=op.f("census_return_census_id_owner_id_key")
        ),
    )
    op.create_index(op.f("census_return_owner_id_idx"), "census_return", ["owner_id"])


def _create_confirmation() -> None:
    op.create_table(
        "system_confirmation",
        sa.Column("census_id", sa.Uuid(), nullable=False),
        sa.Column("system_id", sa.Uuid(), nullable=False),
        _words("outcome", "confirmed", "corrected"),
        sa.Column("system_version", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["census_id"], ["system_census.id"], name=op.f("system_confirmation_census_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["system_id"],
            ["information_system.id"],
            name=op.f("system_confirmation_system_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["app_user.id"], name=op.f("system_confirmation_confirmed_by_fkey")
        ),
        sa.PrimaryKeyConstraint("census_id", "system_id", name=op.f("system_confirmation_pkey")),
    )
    op.create_index(op.f("system_confirmation_system_id_idx"), "system_confirmation", ["system_id"])


def downgrade() -> None:
    op.drop_column("data_resource", "system_id")
    for table in ("system_confirmation", "census_return", "system_census"):
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
    op.execute("DROP FUNCTION catalog_keep_census()")
    op.execute("DELETE FROM number_series WHERE prefix IN ('PC', 'SR')")
    clocks = "DELETE FROM {} WHERE {} IN ('system_census', 'census_closing')"
    op.execute(clocks.format("todo", "clock"))
    op.execute(clocks.format("case_clock", "kind"))
