"""The register of information systems.

Old shape: nobody knows in which systems the data of a department arises.
New shape: ``information_system`` holds the systems of each department with contractor, protection,
network, state and its days; ``system_duty`` says which duties each serves.
Why: work runs from duties over systems to tables and entries; what has no entry is seen by it.

Revision ID: 0030
Revises: 0031
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0030"
down_revision = "0031"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT, UPDATE ON information_system",
    "SELECT, INSERT, DELETE ON system_duty",
)
_GOVERNED = (
    "('information_system', 'System', 'system_no')",
    "('system_duty', 'System', 'system_no', whole => 'information_system', key => 'system_id')",
)
_GUARDS = """
CREATE FUNCTION catalog_keep_system() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.system_no, NEW.registered_at)
        IS DISTINCT FROM (OLD.id, OLD.system_no, OLD.registered_at) THEN
        RAISE EXCEPTION 'a system keeps its number' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status = 'stopped' AND NEW.status <> 'stopped' THEN
        RAISE EXCEPTION 'a system that was shut down does not come back'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER information_system_keep BEFORE UPDATE ON information_system
    FOR EACH ROW EXECUTE FUNCTION catalog_keep_system();
CREATE TRIGGER information_system_refuse_ended BEFORE INSERT ON information_system
    FOR EACH ROW EXECUTE FUNCTION department_refuse_ended('owner_id');
"""
_DAYS = (
    "CASE status WHEN 'planned' THEN num_nonnulls(begun_on, launched_on, stopping_on, "
    "stopped_on) = 0 WHEN 'building' THEN begun_on IS NOT NULL AND num_nonnulls(launched_on, "
    "stopping_on, stopped_on) = 0 WHEN 'running' THEN launched_on IS NOT NULL AND "
    "num_nonnulls(stopping_on, stopped_on) = 0 WHEN 'stopping' THEN "
    "num_nonnulls(launched_on, stopping_on) = 2 AND stopped_on IS NULL ELSE stopped_on IS "
    "NOT NULL END"
)
_ORDER = (
    "coalesce(begun_on <= launched_on, true) AND coalesce(launched_on <= stopping_on, true) "
    "AND coalesce(greatest(begun_on, launched_on, stopping_on) <= stopped_on, true)"
)

_TEXTS = {
    "name": 100,
    "purpose": 500,
    "filing_no": 100,
    "contractor": 100,
    "contract_no": 100,
    "contact": 200,
}
_WORDS = {
    "build": ("self_built", "vertical", "shared"),
    "network": ("government_extranet", "internet", "dedicated", "internal"),
    "protection": ("none", "level_1", "level_2", "level_3", "level_4"),
    "status": ("planned", "building", "running", "stopping", "stopped"),
}


def upgrade() -> None:
    _create_system()
    op.create_table(
        "system_duty",
        sa.Column("system_id", sa.Uuid(), nullable=False),
        sa.Column("duty_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["system_id"], ["information_system.id"], name=op.f("system_duty_system_id_fkey")
        ),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("system_duty_duty_id_fkey")),
        sa.PrimaryKeyConstraint("system_id", "duty_id", name=op.f("system_duty_pkey")),
    )
    op.create_index(op.f("system_duty_duty_id_idx"), "system_duty", ["duty_id"])
    op.execute(_GUARDS)
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _create_system() -> None:
    op.create_table(
        "information_system",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("system_no", sa.String(20), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("registrar_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.String(longest), nullable=False) for name, longest in _TEXTS.items()),
        *(
            sa.Column(
                name,
                sa.Enum(*words, name=name, native_enum=False, length=40, create_constraint=True),
                nullable=False,
            )
            for name, words in _WORDS.items()
        ),
        *(
            sa.Column(name, sa.Date(), nullable=True)
            for name in ("contract_until", "begun_on", "launched_on", "stopping_on", "stopped_on")
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("protection <> 'none' OR filing_no = ''", name="filing"),
        sa.CheckConstraint(
            "contractor <> '' OR (contract_no = '' AND contract_until IS NULL)", name="contract"
        ),
        sa.CheckConstraint(_DAYS, name="days"),
        sa.CheckConstraint(_ORDER, name="order"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["department.id"], name=op.f("information_system_owner_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["registrar_id"], ["app_user.id"], name=op.f("information_system_registrar_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("information_system_pkey")),
        sa.UniqueConstraint("system_no", name=op.f("information_system_system_no_key")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("information_system_owner_id_name_key")),
    )
    op.create_index(op.f("information_system_status_idx"), "information_system", ["status"])


def downgrade() -> None:
    for table in ("system_duty", "information_system"):
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
    op.execute("DROP FUNCTION catalog_keep_system()")
    op.execute("DELETE FROM number_series WHERE prefix = 'IS'")
