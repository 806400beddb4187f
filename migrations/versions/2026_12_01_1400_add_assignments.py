"""Claim and fill: list templates, their lines, and what is assigned to departments; an entry keeps
the code that the level above gave it.

Old shape: what the level above expects of the catalogue is handed on in spreadsheets; nobody sees
who has taken what on, and the upper code is lost on the way.
New shape: ``list_template`` and ``template_line`` hold what is expected, ``assignment`` each line
given to a department with its answer and its way to the data; ``data_resource.upper_code`` keeps
the upper code. A line of an issued template, an answer and an end stay as they are; a refusal
because of a state secret keeps nothing of its content: stated by CHECKs and triggers.
Why: departments claim and fill the lists; who does neither is named, and nothing is claimed by
silence.

Revision ID: 0046
Revises: 0040
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT, UPDATE (title, level, area_code, document, document_no, deadline_on, status,"
    " issuer_id, issued_at, closed_at, version) ON list_template",
    "SELECT, INSERT, UPDATE (department_id), DELETE ON template_line",
    "SELECT, INSERT, UPDATE (department_id, status, answer, part, rest, rest_department_id,"
    " refusal, reason, belongs_to_id, duplicate_of, answered_by, answered_at,"
    " settled_by, duty_id, matter, system_id, table_name, resource_id, version) ON assignment",
)
_GOVERNED = (
    "('list_template', 'ListTemplate', 'template_no')",
    "('template_line', 'ListTemplate', 'template_no', whole => 'list_template',"
    " key => 'template_id')",
    "('assignment', 'Assignment', 'assignment_no')",
)
_GUARDS = """
CREATE FUNCTION list_template_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'closed' OR OLD.status = 'issued' AND
        (NEW.title, NEW.level, NEW.area_code, NEW.document, NEW.document_no, NEW.deadline_on,
            NEW.issuer_id, NEW.issued_at)
        IS DISTINCT FROM
        (OLD.title, OLD.level, OLD.area_code, OLD.document, OLD.document_no, OLD.deadline_on,
            OLD.issuer_id, OLD.issued_at)
    THEN
        RAISE EXCEPTION 'an issued template stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER list_template_keep BEFORE UPDATE ON list_template
    FOR EACH ROW EXECUTE FUNCTION list_template_keep();
CREATE FUNCTION template_line_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT status INTO stands FROM list_template
        WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.template_id ELSE OLD.template_id END;
    IF stands <> 'draft' THEN
        RAISE EXCEPTION 'a line of an issued template stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
CREATE TRIGGER template_line_keep BEFORE INSERT OR UPDATE OR DELETE ON template_line
    FOR EACH ROW EXECUTE FUNCTION template_line_keep();
CREATE FUNCTION assignment_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('reassigned', 'accepted', 'lapsed', 'withdrawn')
        OR OLD.answer IS NOT NULL AND
            (NEW.answer, NEW.part, NEW.rest, NEW.rest_department_id, NEW.refusal, NEW.reason,
                NEW.belongs_to_id, NEW.duplicate_of, NEW.answered_by, NEW.answered_at)
            IS DISTINCT FROM
            (OLD.answer, OLD.part, OLD.rest, OLD.rest_department_id, OLD.refusal, OLD.reason,
                OLD.belongs_to_id, OLD.duplicate_of, OLD.answered_by, OLD.answered_at)
    THEN
        RAISE EXCEPTION 'what was answered and settled stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER assignment_keep BEFORE UPDATE ON assignment
    FOR EACH ROW EXECUTE FUNCTION assignment_keep();
"""
_NO_GUARDS = """
DROP TRIGGER assignment_keep ON assignment;
DROP FUNCTION assignment_keep();
DROP TRIGGER template_line_keep ON template_line;
DROP FUNCTION template_line_keep();
DROP TRIGGER list_template_keep ON list_template;
DROP FUNCTION list_template_keep();
"""
_CLOCKS = (
    "'template_closing', 'line_claim', 'claim_settling', 'fill_registration', 'fill_publication',"
    " 'fill_data'"
)
_HELD = "status IN ('partly', 'claimed', 'registered', 'published', 'with_data')"
_LIVE = (
    "status IN ('open', 'unanswered', 'refused', 'partly', 'claimed', 'registered', 'published',"
    " 'with_data')"
)
_CHECKS = {
    "answered": f"CASE WHEN {_HELD} THEN coalesce(answer, '') IN ('claimed', 'partly')"
    " WHEN status IN ('refused', 'accepted') THEN answer IS NOT DISTINCT FROM 'refused'"
    " WHEN status IN ('open', 'unanswered', 'lapsed', 'withdrawn') THEN answer IS NULL"
    " ELSE answer IS NULL OR answer = 'refused' END"
    " AND (answer IS NULL) = (answered_by IS NULL) AND (answer IS NULL) = (answered_at IS NULL)",
    "partly": "(answer IS NOT DISTINCT FROM 'partly') = (part <> '')"
    " AND (part <> '' OR rest = '' AND rest_department_id IS NULL)"
    " AND (part = '' OR rest <> '') AND (status <> 'partly' OR part <> '')",
    "refusal_said": "(answer IS NOT DISTINCT FROM 'refused') = (refusal IS NOT NULL)"
    " AND (refusal IS NOT NULL OR reason = '')"
    " AND (refusal IS DISTINCT FROM 'state_secret' OR reason = '')"
    " AND (refusal IS NOT DISTINCT FROM 'no_such_duty' OR belongs_to_id IS NULL)"
    " AND (refusal IS NOT DISTINCT FROM 'duplicate') = (duplicate_of <> '')",
    "filled": f"{_HELD} OR duty_id IS NULL AND system_id IS NULL AND resource_id IS NULL"
    " AND matter = '' AND table_name = ''",
    "entry": "status NOT IN ('registered', 'published', 'with_data') OR resource_id IS NOT NULL",
}
_LEVELS = ("national", "province", "city", "county", "township", "using_point")


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _words(name: str, *words: str, nullable: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*words, name=name, native_enum=False, length=40, create_constraint=True)
    return sa.Column(name, kind, nullable=nullable)


def _points(table: str, targets: dict[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"{table}_{name}_fkey"))
        for name, target in targets.items()
    ]


def _index(table: str, *names: str) -> None:
    for name in names:
        op.create_index(op.f(f"{table}_{name}_idx"), table, [name])


def upgrade() -> None:
    _create_template()
    _create_line()
    _create_assignment()
    op.add_column(
        "data_resource",
        sa.Column("upper_code", sa.String(60), nullable=False, server_default=""),
    )
    op.execute(_GUARDS)
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _create_template() -> None:
    op.create_table(
        "list_template",
        _id("id"),
        _text("template_no", 20),
        _text("title", 100),
        _words("level", *_LEVELS, nullable=True),
        sa.Column("area_code", sa.String(6), nullable=True),
        _text("document", 200),
        _text("document_no", 100),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        _words("status", "draft", "issued", "closed"),
        _id("author_id"),
        _id("issuer_id", nullable=True),
        _at("written_at"),
        _at("issued_at", nullable=True),
        _at("closed_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status = 'draft') = (issued_at IS NULL)", name="issued"),
        sa.CheckConstraint(
            "(issued_at IS NULL) = (issuer_id IS NULL)"
            " AND (issued_at IS NULL OR deadline_on IS NOT NULL)",
            name="issuer",
        ),
        sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        *_points("list_template", {"author_id": "app_user", "issuer_id": "app_user"}),
        sa.ForeignKeyConstraint(
            ["area_code"], ["area.code"], name=op.f("list_template_area_code_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("list_template_pkey")),
        sa.UniqueConstraint("template_no", name=op.f("list_template_template_no_key")),
    )
    _index("list_template", "area_code", "status")


def _create_line() -> None:
    op.create_table(
        "template_line",
        _id("id"),
        _id("template_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _words("kind", "entry", "element"),
        _text("title", 50),
        _text("definition", 500),
        _text("upper_code", 60),
        _id("element_id", nullable=True),
        _text("items_text", 2_000),
        _id("department_id", nullable=True),
        _text("duty_no", 40),
        _text("matter", 200),
        sa.CheckConstraint("position > 0", name="position"),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["list_template.id"],
            name=op.f("template_line_template_id_fkey"),
            ondelete="CASCADE",
        ),
        *_points("template_line", {"element_id": "data_element", "department_id": "department"}),
        sa.PrimaryKeyConstraint("id", name=op.f("template_line_pkey")),
        sa.UniqueConstraint(
            "template_id", "position", name=op.f("template_line_template_id_position_key")
        ),
    )
    _index("template_line", "upper_code", "element_id", "department_id")


def _create_assignment() -> None:
    states = ("open", "unanswered", "refused", "reassigned", "accepted", "lapsed", "withdrawn")
    stages = ("partly", "claimed", "registered", "published", "with_data")
    refusals = ("no_such_duty", "upper_system", "no_information_system", "state_secret")
    op.create_table(
        "assignment",
        _id("id"),
        _text("assignment_no", 20),
        _id("template_id"),
        _id("line_id"),
        _text("title", 50),
        _id("department_id"),
        _id("previous_id", nullable=True),
        _words("status", *states, *stages),
        sa.Column("due_on", sa.Date(), nullable=True),
        _words("answer", "claimed", "partly", "refused", nullable=True),
        _text("part", 500),
        _text("rest", 500),
        _id("rest_department_id", nullable=True),
        _words("refusal", *refusals, "out_of_use", "duplicate", nullable=True),
        _text("reason", 500),
        _id("belongs_to_id", nullable=True),
        _text("duplicate_of", 60),
        _id("answered_by", nullable=True),
        _at("answered_at", nullable=True),
        _id("settled_by", nullable=True),
        _id("duty_id", nullable=True),
        _text("matter", 200),
        _id("system_id", nullable=True),
        _text("table_name", 200),
        _id("resource_id", nullable=True),
        _at("made_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_points("assignment", _POINTS),
        *(sa.CheckConstraint(rule, name=name) for name, rule in _CHECKS.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("assignment_pkey")),
        sa.UniqueConstraint("assignment_no", name=op.f("assignment_assignment_no_key")),
    )
    _index("assignment", "template_id", "line_id", "department_id", "previous_id", "status")
    _index("assignment", "resource_id")
    op.create_index(
        "assignment_live_key",
        "assignment",
        ["line_id", "department_id"],
        unique=True,
        postgresql_where=sa.text(_LIVE),
    )


_POINTS = {
    "template_id": "list_template",
    "line_id": "template_line",
    "department_id": "department",
    "previous_id": "assignment",
    "rest_department_id": "department",
    "belongs_to_id": "department",
    "answered_by": "app_user",
    "settled_by": "app_user",
    "duty_id": "duty",
    "system_id": "information_system",
}


def downgrade() -> None:
    op.execute("SELECT guard.excuse('assignments are told no more')")
    op.execute("DELETE FROM number_series WHERE prefix IN ('LT', 'AS')")
    op.execute(f"DELETE FROM case_clock WHERE kind IN ({_CLOCKS})")
    op.execute(_NO_GUARDS)
    op.drop_column("data_resource", "upper_code")
    for table in ("assignment", "template_line", "list_template"):
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
