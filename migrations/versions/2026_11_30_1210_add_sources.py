"""One source for each datum: object scopes, source claims, exceptions, countersignings.

Old shape: an element could name a department as its source (``source_department_id``), for all
objects and everywhere, and nobody had to say why.
New shape: a department claims to be the source, for an object scope or all objects and for an area,
which contains those below it; at most one claim is confirmed at a moment (``EXCLUDE``), and an area
below has its own only by a recorded exception. What was named with an element is a confirmed claim
for all objects.
Why: Order 809, Art. 19: where several collect the same data, one of them is named its source.

Revision ID: 0027
Revises: 0030
"""

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0030"
branch_labels = None
depends_on = None

_GRANTS = (
    "SELECT, INSERT ON object_scope",
    "SELECT, INSERT, UPDATE (area_span, status, ground, decider_id, decided_at, is_self_reviewed,"
    " reason, confirmed_on, ended_on, end_reason, version) ON source_claim",
    "SELECT, INSERT ON source_exception",
    "SELECT, INSERT, UPDATE (status, reason, signer_id, signed_at, version) ON source_countersign",
)
_ONE_SOURCE = """
ALTER TABLE source_claim ADD CONSTRAINT source_claim_one_source_excl EXCLUDE USING gist (
    int4range(element_number, element_number, '[]') WITH &&,
    int4range(scope_number, scope_number, '[]') WITH &&,
    area_span WITH &&,
    daterange(confirmed_on, ended_on) WITH &&
) WHERE (confirmed_on IS NOT NULL)
"""
_GUARDS = """
-- What an area takes in, as area.span says it.
CREATE FUNCTION source_area_range(code text) RETURNS int4range LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN code = '100000' THEN int4range(0, 1000000)
    WHEN right(code, 4) = '0000' THEN int4range(code::integer, code::integer + 10000)
    WHEN right(code, 2) = '00' THEN int4range(code::integer, code::integer + 100)
    ELSE int4range(code::integer, code::integer + 1)
END;

-- What the constraint compares is never what was sent.
CREATE FUNCTION source_claim_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kind text;
BEGIN
    SELECT number, sourcing INTO NEW.element_number, kind
        FROM data_element WHERE id = NEW.element_id;
    NEW.scope_number := (SELECT number FROM object_scope
        WHERE id = NEW.scope_id AND element_id = NEW.element_id);
    IF NEW.scope_id IS NOT NULL AND NEW.scope_number IS NULL THEN
        RAISE EXCEPTION 'the object scope is one of the element'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.area_span := int4multirange(source_area_range(NEW.area_code)) - coalesce(
        (SELECT range_agg(source_area_range(area_code)) FROM source_exception
            WHERE claim_id = NEW.id), '{}'::int4multirange);
    IF TG_OP = 'INSERT' THEN
        IF kind <> 'authoritative' THEN
            RAISE EXCEPTION 'this element has no source'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF OLD.status IN ('re_assigned', 'ended', 'withdrawn', 'refused') OR
        (NEW.claim_no, NEW.element_id, NEW.scope_id, NEW.department_id, NEW.area_code,
            NEW.proposer_id) IS DISTINCT FROM
        (OLD.claim_no, OLD.element_id, OLD.scope_id, OLD.department_id, OLD.area_code,
            OLD.proposer_id) OR
        OLD.confirmed_on IS NOT NULL AND (NEW.confirmed_on, NEW.ground) IS DISTINCT FROM
        (OLD.confirmed_on, OLD.ground)
    THEN
        RAISE EXCEPTION 'what a source claim says stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER source_claim_keep BEFORE INSERT OR UPDATE ON source_claim
    FOR EACH ROW EXECUTE FUNCTION source_claim_keep();

CREATE FUNCTION source_exception_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    upper text;
BEGIN
    SELECT area_code INTO upper FROM source_claim WHERE id = NEW.claim_id FOR UPDATE;
    IF NEW.area_code = upper
        OR NOT source_area_range(NEW.area_code) <@ source_area_range(upper) THEN
        RAISE EXCEPTION 'an exception is for an area below the one of its claim'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER source_exception_keep BEFORE INSERT ON source_exception
    FOR EACH ROW EXECUTE FUNCTION source_exception_keep();
CREATE FUNCTION source_exception_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE source_claim SET area_span = area_span WHERE id = NEW.claim_id;
    RETURN NULL;
END;
$$;
CREATE TRIGGER source_exception_count AFTER INSERT ON source_exception
    FOR EACH ROW EXECUTE FUNCTION source_exception_count();

CREATE FUNCTION source_countersign_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'asked' THEN
        RAISE EXCEPTION 'a countersigning is given once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER source_countersign_keep BEFORE UPDATE ON source_countersign
    FOR EACH ROW EXECUTE FUNCTION source_countersign_keep();
"""
#: Nothing new begins in a department that has ended; what was named before it ended stands.
_NOT_ENDED = """
CREATE TRIGGER source_claim_refuse_ended BEFORE INSERT ON source_claim
    FOR EACH ROW EXECUTE FUNCTION department_refuse_ended('department_id');
"""
_NO_GUARDS = """
DROP TRIGGER source_claim_refuse_ended ON source_claim;
DROP TRIGGER source_countersign_keep ON source_countersign;
DROP FUNCTION source_countersign_keep();
DROP TRIGGER source_exception_count ON source_exception;
DROP FUNCTION source_exception_count();
DROP TRIGGER source_exception_keep ON source_exception;
DROP FUNCTION source_exception_keep();
DROP TRIGGER source_claim_keep ON source_claim;
DROP FUNCTION source_claim_keep();
"""
_NAMED = """
WITH named AS (
    SELECT e.id, e.name, e.source_department_id, d.area_code,
        (coalesce(e.adopted_at, now()) AT TIME ZONE 'Asia/Shanghai')::date AS day, e.identifier
    FROM data_element e JOIN department d ON d.id = e.source_department_id
    WHERE e.sourcing = 'authoritative'
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY extract(year FROM day) ORDER BY day, identifier)
        AS place FROM named
)
INSERT INTO source_claim (id, claim_no, element_id, element_name, department_id, area_code,
    document, article, collected_by, is_upper, is_by_administration, is_rival, status, ground,
    is_self_reviewed, reason, confirmed_on, end_reason, version, created_at)
SELECT gen_random_uuid(), 'SC-' || to_char(day, 'YYYY') || '-' || lpad(place::text, 6, '0'), id,
    name, source_department_id, coalesce(area_code, '100000'), '随数据元采用时确定', '', '', false,
    true, false, 'confirmed', 'adopted', false, '', day, '', 1, now()
FROM numbered
"""
_SERIES = """
INSERT INTO number_series (prefix, year, last)
SELECT 'SC', extract(year FROM confirmed_on), count(*) FROM source_claim GROUP BY 2
"""
_BACK = """
UPDATE data_element SET source_department_id = source_claim.department_id FROM source_claim
WHERE source_claim.element_id = data_element.id AND source_claim.status = 'confirmed'
    AND source_claim.scope_id IS NULL
"""
_GOVERNED = (
    "('object_scope', 'DataElement', 'identifier', whole => 'data_element', key => 'element_id')",
    "('source_claim', 'SourceClaim', 'claim_no')",
    "('source_exception', 'SourceClaim', 'claim_no', whole => 'source_claim', key => 'claim_id')",
    "('source_countersign', 'SourceCountersign', 'countersign_no')",
)
_TABLES = ("source_countersign", "source_exception", "source_claim", "object_scope")


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _points(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"{table}_{name}_fkey"))
        for name, target in targets.items()
    ]


def upgrade() -> None:
    op.execute("SELECT guard.excuse('sources that elements named become claims')")
    _create_scope()
    _create_claim()
    _create_parts()
    op.execute(_GUARDS)
    op.execute(_NAMED)
    op.execute(_SERIES)
    op.execute(_ONE_SOURCE)
    op.execute(_NOT_ENDED)
    op.drop_column("data_element", "source_department_id")
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')
    for told in _GOVERNED:
        op.execute(f"SELECT guard.govern{told}")


def _create_scope() -> None:
    op.create_table(
        "object_scope",
        _id("id"),
        sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False),
        _id("element_id"),
        _text("name", 100),
        _text("belongs", 500),
        _at("registered_at"),
        *_points("object_scope", element_id="data_element"),
        sa.CheckConstraint("name <> '' AND belongs <> ''", name="told"),
        sa.PrimaryKeyConstraint("id", name=op.f("object_scope_pkey")),
        sa.UniqueConstraint("number", name=op.f("object_scope_number_key")),
        sa.UniqueConstraint("element_id", "name", name=op.f("object_scope_element_id_name_key")),
    )
    op.create_index(op.f("object_scope_element_id_idx"), "object_scope", ["element_id"])


def _create_claim() -> None:
    states = ("proposed", "countersigning", "confirmed", "re_assigned", "ended")
    grounds = ("sole", "countersigned", "upper", "decided", "adopted")
    op.create_table(
        "source_claim",
        _id("id"),
        _text("claim_no", 20),
        _id("element_id"),
        _text("element_name", 100),
        _id("scope_id", nullable=True),
        _id("department_id"),
        _text("area_code", 6),
        sa.Column("element_number", sa.Integer(), nullable=False),
        sa.Column("scope_number", sa.Integer(), nullable=True),
        sa.Column("area_span", postgresql.INT4MULTIRANGE(), nullable=False),
        _id("duty_id", nullable=True),
        _text("document", 200),
        _text("article", 100),
        _text("collected_by", 200),
        sa.Column("is_upper", sa.Boolean(), nullable=False),
        sa.Column("is_by_administration", sa.Boolean(), nullable=False),
        sa.Column("is_rival", sa.Boolean(), nullable=False),
        _id("replaces_id", nullable=True),
        sa.Column("status", _words("status", *states, "withdrawn", "refused"), nullable=False),
        sa.Column("ground", _words("ground", *grounds), nullable=True),
        _id("proposer_id", nullable=True),
        _id("decider_id", nullable=True),
        _at("decided_at", nullable=True),
        sa.Column("is_self_reviewed", sa.Boolean(), nullable=False),
        _text("reason", 1_000),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        _text("end_reason", 1_000),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("created_at"),
        *_points(
            "source_claim",
            element_id="data_element",
            scope_id="object_scope",
            department_id="department",
            duty_id="duty",
            replaces_id="source_claim",
            proposer_id="app_user",
            decider_id="app_user",
        ),
        *_checks_of_claim(),
        sa.PrimaryKeyConstraint("id", name=op.f("source_claim_pkey")),
        sa.UniqueConstraint("claim_no", name=op.f("source_claim_claim_no_key")),
    )
    for name in ("element_id", "scope_id", "department_id", "duty_id", "replaces_id", "status"):
        op.create_index(op.f(f"source_claim_{name}_idx"), "source_claim", [name])
    op.create_index(
        "source_claim_open_idx",
        "source_claim",
        ["element_id"],
        postgresql_where=sa.text("ended_on IS NULL"),
    )


def _checks_of_claim() -> list[sa.CheckConstraint]:
    checks = {
        "area": "area_code ~ '^[1-9][0-9]{5}$'",
        "basis": "duty_id IS NOT NULL OR document <> ''",
        "upper": "NOT is_upper OR document <> ''",
        "confirmed": "(status IN ('confirmed', 're_assigned', 'ended')) ="
        " (confirmed_on IS NOT NULL) AND (confirmed_on IS NULL) = (ground IS NULL)",
        "ended": "(status IN ('re_assigned', 'ended')) = (ended_on IS NOT NULL)"
        " AND ended_on >= confirmed_on",
        "two_persons": "proposer_id <> decider_id",
        "decided": "(proposer_id IS NOT NULL OR ground = 'adopted')"
        " AND (decider_id IS NULL) = (decided_at IS NULL)"
        " AND (status NOT IN ('confirmed', 'refused') OR decider_id IS NOT NULL"
        " OR ground = 'adopted') AND (NOT is_self_reviewed OR decider_id IS NOT NULL)",
    }
    return [sa.CheckConstraint(rule, name=name) for name, rule in checks.items()]


def _create_parts() -> None:
    op.create_table(
        "source_exception",
        _id("claim_id"),
        _text("area_code", 6),
        _text("reason", 500),
        _id("recorded_by", nullable=True),
        _at("recorded_at"),
        *_points("source_exception", claim_id="source_claim", recorded_by="app_user"),
        sa.CheckConstraint("reason <> ''", name="reason"),
        sa.PrimaryKeyConstraint("claim_id", "area_code", name=op.f("source_exception_pkey")),
    )
    said = ("asked", "agreed", "objected", "silent", "dropped")
    op.create_table(
        "source_countersign",
        _id("id"),
        _text("countersign_no", 24),
        _id("claim_id"),
        _id("department_id"),
        _text("element_name", 100),
        sa.Column("status", _words("status", *said), nullable=False),
        _text("reason", 1_000),
        _id("signer_id", nullable=True),
        _at("signed_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        _at("asked_at"),
        *_points(
            "source_countersign",
            claim_id="source_claim",
            department_id="department",
            signer_id="app_user",
        ),
        sa.CheckConstraint(
            "(status IN ('agreed', 'objected')) = (signer_id IS NOT NULL)"
            " AND (signer_id IS NULL) = (signed_at IS NULL)",
            name="signed",
        ),
        sa.CheckConstraint("status <> 'objected' OR reason <> ''", name="objected"),
        sa.PrimaryKeyConstraint("id", name=op.f("source_countersign_pkey")),
        sa.UniqueConstraint("countersign_no", name=op.f("source_countersign_countersign_no_key")),
        sa.UniqueConstraint(
            "claim_id", "department_id", name=op.f("source_countersign_claim_id_department_id_key")
        ),
    )
    for name in ("claim_id", "department_id"):
        op.create_index(op.f(f"source_countersign_{name}_idx"), "source_countersign", [name])


def downgrade() -> None:
    op.execute("SELECT guard.excuse('the source is told with the element again')")
    op.add_column("data_element", sa.Column("source_department_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("data_element_source_department_id_fkey"),
        "data_element",
        "department",
        ["source_department_id"],
        ["id"],
    )
    op.create_index(
        op.f("data_element_source_department_id_idx"), "data_element", ["source_department_id"]
    )
    op.execute(_BACK)
    op.execute("DELETE FROM number_series WHERE prefix = 'SC'")
    op.execute("DELETE FROM case_clock WHERE kind IN ('source_naming', 'source_countersign')")
    op.execute(_NO_GUARDS)
    for table in _TABLES:
        op.execute(f"SELECT guard.release('{table}')")
        op.drop_table(table)
    op.execute("DROP FUNCTION source_area_range(text)")
