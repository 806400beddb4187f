"""Departments as they are: a tree with level and area, duties, and what became of them.

Old shape: a department is a code and a name.
New shape: ``area`` holds the divisions of GB/T 2260 and functional areas, each with the range of
codes that it takes in; a department may have one above it, level, area, line, regime, a sharing
work unit and a day on which it ended; ``duty`` holds what documents give it to do;
``reorganisation`` keeps by which act it was renamed, merged or split. Of the departments there are
nothing is stated yet, and nothing is guessed. Nothing new begins in one that has ended.
Why: claims of sources, disputes and the exchange between levels are computed from the tree.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
import sqlmodel
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT, UPDATE (name, valid_from, valid_until) ON area",
    "SELECT, INSERT, UPDATE (valid_until) ON duty",
    "SELECT, INSERT ON reorganisation",
    "SELECT, INSERT ON reorganised_department",
    "UPDATE (parent_id, level, area_code, line, regime, sharing_unit, sharing_contact, ended_on,"
    " version) ON department",
)
_SPAN = (
    "CASE WHEN code::text = '100000' THEN int4range(0, 1000000)"
    " WHEN right(code::text, 4) = '0000' THEN int4range(code::integer, code::integer + 10000)"
    " WHEN right(code::text, 2) = '00' THEN int4range(code::integer, code::integer + 100)"
    " ELSE int4range(code::integer, code::integer + 1) END"
)
_TOLD_AS = "CASE WHEN kind::text = 'division' THEN 'divisions' ELSE code::text END"
_FITS = (
    "level IS NULL OR CASE level WHEN 'national' THEN area_code = '100000'"
    " WHEN 'province' THEN right(area_code::text, 4) = '0000' AND area_code <> '100000'"
    " WHEN 'city' THEN right(area_code::text, 2) = '00' AND right(area_code::text, 4) <> '0000'"
    " ELSE right(area_code::text, 2) <> '00' END"
)

_GUARDS = """
CREATE FUNCTION area_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.parent_code IS NOT NULL AND NOT EXISTS (
        SELECT FROM area WHERE code = NEW.parent_code AND span @> NEW.code::integer
    ) THEN
        RAISE EXCEPTION 'an area lies in the range of the one above it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER area_keep BEFORE INSERT ON area FOR EACH ROW EXECUTE FUNCTION area_keep();

-- The depth of a level, 0 for the highest; NULL where it is not stated.
CREATE FUNCTION department_depth(level text) RETURNS integer LANGUAGE sql IMMUTABLE
RETURN array_position(
    ARRAY['national', 'province', 'city', 'county', 'township', 'using_point'], level
);

-- Moves of the tree follow each other: two that are right one by one could close a circle.
CREATE FUNCTION department_keep_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.parent_id IS NOT DISTINCT FROM OLD.parent_id
        AND NEW.level IS NOT DISTINCT FROM OLD.level THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(8092026, 24);
    IF EXISTS (
        WITH RECURSIVE up AS (
            SELECT id, parent_id FROM department WHERE id = NEW.parent_id
            UNION SELECT d.id, d.parent_id FROM department d JOIN up ON d.id = up.parent_id
        ) SELECT FROM up WHERE id = NEW.id
    ) OR NEW.parent_id = NEW.id THEN
        RAISE EXCEPTION 'a department does not lie below itself'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'department_tree';
    END IF;
    IF EXISTS (
        SELECT FROM department AS up WHERE up.id = NEW.parent_id
        AND department_depth(up.level) > department_depth(NEW.level)
    ) OR EXISTS (
        SELECT FROM department AS child WHERE child.parent_id = NEW.id
        AND department_depth(child.level) < department_depth(NEW.level)
    ) THEN
        RAISE EXCEPTION 'a department is not above the one it is under'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'department_tree';
    END IF;
    IF NEW.level = 'using_point' AND NOT EXISTS (
        SELECT FROM department AS up WHERE up.id = NEW.parent_id AND up.level = 'township'
    ) OR NEW.level IS DISTINCT FROM 'township' AND EXISTS (
        SELECT FROM department AS child WHERE child.parent_id = NEW.id
        AND child.level = 'using_point'
    ) THEN
        RAISE EXCEPTION 'a street or township answers for a using point'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'department_tree';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER department_keep_tree BEFORE INSERT OR UPDATE OF parent_id, level ON department
    FOR EACH ROW EXECUTE FUNCTION department_keep_tree();

CREATE FUNCTION department_keep_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_on IS NOT NULL AND NEW.ended_on IS DISTINCT FROM OLD.ended_on THEN
        RAISE EXCEPTION 'a department that has ended does not come back'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER department_keep_ended BEFORE UPDATE OF ended_on ON department
    FOR EACH ROW EXECUTE FUNCTION department_keep_ended();

CREATE FUNCTION duty_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.valid_until IS NOT NULL AND NEW.valid_until IS DISTINCT FROM OLD.valid_until THEN
        RAISE EXCEPTION 'a duty ends once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER duty_keep BEFORE UPDATE ON duty FOR EACH ROW EXECUTE FUNCTION duty_keep();

-- The arguments name the columns that must not point at a department that has ended.
CREATE FUNCTION department_refuse_ended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place text;
    day date;
BEGIN
    FOREACH place IN ARRAY TG_ARGV LOOP
        SELECT ended_on INTO day FROM department
            WHERE id = (to_jsonb(NEW) ->> place)::uuid FOR SHARE;
        IF day IS NOT NULL THEN
            RAISE EXCEPTION 'nothing new begins in a department that has ended'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END;
$$;
CREATE TRIGGER app_user_refuse_ended BEFORE INSERT ON app_user
    FOR EACH ROW EXECUTE FUNCTION department_refuse_ended('department_id');
CREATE TRIGGER data_resource_refuse_ended BEFORE INSERT ON data_resource
    FOR EACH ROW WHEN (NEW.copy_of IS NULL)
    EXECUTE FUNCTION department_refuse_ended('provider_id');
CREATE TRIGGER share_request_refuse_ended BEFORE INSERT ON share_request
    FOR EACH ROW EXECUTE FUNCTION department_refuse_ended('consumer_id', 'provider_id');
"""
_NO_GUARDS = """
DROP TRIGGER share_request_refuse_ended ON share_request;
DROP TRIGGER data_resource_refuse_ended ON data_resource;
DROP TRIGGER app_user_refuse_ended ON app_user;
DROP FUNCTION department_refuse_ended();
DROP TRIGGER duty_keep ON duty;
DROP FUNCTION duty_keep();
DROP TRIGGER department_keep_ended ON department;
DROP FUNCTION department_keep_ended();
DROP TRIGGER department_keep_tree ON department;
DROP FUNCTION department_keep_tree();
DROP FUNCTION department_depth(text);
DROP TRIGGER area_keep ON area;
DROP FUNCTION area_keep();
"""
_GOVERNED = (
    "('area', 'Area', 'told_as')",
    "('duty', 'Department', 'code', whole => 'department', key => 'department_id')",
    "('reorganised_department', 'Department', 'code', whole => 'department',"
    " key => 'department_id')",
)
_COLUMNS = (
    *("parent_id", "level", "area_code", "line", "regime", "sharing_unit", "sharing_contact"),
    *("ended_on", "version"),
)
_Text = sqlmodel.sql.sqltypes.AutoString


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_area()
    _widen_department()
    _create_duty()
    _create_reorganisation()
    op.execute(_GUARDS)
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _create_area() -> None:
    op.create_table(
        "area",
        sa.Column("code", _Text(length=6), nullable=False),
        sa.Column("name", _Text(length=100), nullable=False),
        sa.Column("kind", _words("kind", "division", "functional"), nullable=False),
        sa.Column("parent_code", _Text(length=6), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("basis", _Text(length=200), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("span", postgresql.INT4RANGE(), sa.Computed(_SPAN, persisted=True)),
        sa.Column("told_as", sa.Text(), sa.Computed(_TOLD_AS, persisted=True)),
        sa.CheckConstraint("code ~ '^[1-9][0-9]{5}$'", name="digits"),
        sa.CheckConstraint(
            "kind <> 'functional' OR parent_code IS NOT NULL AND right(code::text, 2) <> '00'",
            name="functional",
        ),
        sa.CheckConstraint("valid_until >= valid_from", name="valid"),
        sa.ForeignKeyConstraint(["parent_code"], ["area.code"], name=op.f("area_parent_code_fkey")),
        sa.PrimaryKeyConstraint("code", name=op.f("area_pkey")),
    )
    op.create_index(op.f("area_parent_code_idx"), "area", ["parent_code"])


def _widen_department() -> None:
    levels = ("national", "province", "city", "county", "township", "using_point")
    for added in (
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("level", _words("level", *levels), nullable=True),
        sa.Column("area_code", _Text(length=6), nullable=True),
        sa.Column("line", _words("line", "territorial", "vertical", "dual"), nullable=True),
        sa.Column(
            "regime", _words("regime", "applies", "by_reference", "authorised"), nullable=True
        ),
        sa.Column("sharing_unit", _Text(length=100), server_default="", nullable=False),
        sa.Column("sharing_contact", _Text(length=200), server_default="", nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ):
        op.add_column("department", added)
    op.create_foreign_key(
        op.f("department_parent_id_fkey"), "department", "department", ["parent_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("department_area_code_fkey"), "department", "area", ["area_code"], ["code"]
    )
    op.create_check_constraint("level_and_area", "department", _FITS)
    for name in ("parent_id", "area_code"):
        op.create_index(op.f(f"department_{name}_idx"), "department", [name])


def _create_duty() -> None:
    op.create_table(
        "duty",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("duty_no", _Text(length=40), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("text", _Text(length=1000), nullable=False),
        sa.Column("document", _Text(length=200), nullable=False),
        sa.Column("document_no", _Text(length=100), nullable=False),
        sa.Column("article", _Text(length=100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_until >= valid_from", name="valid"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("duty_department_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("duty_pkey")),
        sa.UniqueConstraint("duty_no", name=op.f("duty_duty_no_key")),
    )
    op.create_index(op.f("duty_department_id_idx"), "duty", ["department_id"])


def _create_reorganisation() -> None:
    op.create_table(
        "reorganisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_no", _Text(length=40), nullable=False),
        sa.Column("kind", _words("kind", "renamed", "merged", "split"), nullable=False),
        sa.Column("document_no", _Text(length=100), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("reorganisation_pkey")),
        sa.UniqueConstraint("act_no", name=op.f("reorganisation_act_no_key")),
    )
    op.create_table(
        "reorganised_department",
        sa.Column("reorganisation_id", sa.Uuid(), nullable=False),
        sa.Column("side", _words("side", "before", "after"), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("name", _Text(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["reorganisation_id"],
            ["reorganisation.id"],
            name=op.f("reorganised_department_reorganisation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("reorganised_department_department_id_fkey"),
        ),
        sa.PrimaryKeyConstraint(
            "reorganisation_id", "side", "department_id", name=op.f("reorganised_department_pkey")
        ),
    )
    op.create_index(
        op.f("reorganised_department_department_id_idx"),
        "reorganised_department",
        ["department_id"],
    )


def downgrade() -> None:
    op.execute(_NO_GUARDS)
    for table in ("reorganised_department", "duty", "area"):
        op.execute(f"SELECT guard.release('{table}')")
    op.drop_table("reorganised_department")
    op.drop_table("reorganisation")
    op.drop_table("duty")
    op.execute("ALTER TABLE department DROP CONSTRAINT department_level_and_area_check")
    for name in reversed(_COLUMNS):
        op.drop_column("department", name)
    op.drop_table("area")
