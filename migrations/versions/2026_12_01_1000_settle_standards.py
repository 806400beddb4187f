"""What an ended department leaves behind among sources and standards; what ends with an element.

Old shape: conflicts, countersignings, proposals, census returns, checks before collecting and
reports of repeated forms stay with a department that ended; the sources of an element that ends
stay named; an object scope is for ever; what was said of a claim when it was confirmed can be
rewritten.
New shape: each goes over to the successor, after an act only. A conflict whose two sides became one
falls away, as one about an element that ended. Sources end with their element or are carried to the
one that replaces it. A scope ends when no claim for it lives. What decided a claim stays; who
countersigned it, or claimed for a side of a conflict, decides neither.
Why: Order 809, Art. 19: one source for each datum, also after a reorganisation (机构改革).

Revision ID: 0049
Revises: 0040
"""

import sqlalchemy as sa
from alembic import context, op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_GRANTS = (
    "UPDATE (opener_id, rival_id, lapse_reason) ON source_conflict",
    "UPDATE (department_id) ON source_countersign",
    "UPDATE (ended_on, end_reason) ON object_scope",
)
#: Columns by which a row has its department, by table: another one only after an act.
_HOLDERS = {
    "source_conflict": ("opener_id", "rival_id"),
    "source_countersign": ("department_id",),
    "element_proposal": ("proposer_id",),
    "data_element": ("proposer_id",),
    "census_return": ("owner_id",),
    "collection_check": ("owner_id",),
    "repeated_form": ("owner_id",),
}
_SETTLED = "status IN ('decided', 'reviewing', 'upheld', 'changed')"
_REVIEWED = "status IN ('reviewing', 'upheld', 'changed')"
_OPEN = "status IN ('opened', 'heard', 'reviewing')"
_REST_DECIDED = (
    " AND (decider_id IS NULL) = (decided_at IS NULL)"
    " AND (decider_id IS NULL) = (named_claim_id IS NULL)"
    " AND (decider_id IS NULL OR reasons <> '' AND basis <> '')"
)
_REST_REVIEWED = (
    " AND (review_claim_id IS NULL) = (review_asked_at IS NULL)"
    " AND (review_claim_id IS NULL OR review_plea <> '')"
)
_CONFLICT = {
    "two_sides": f"(opener_id <> rival_id OR NOT ({_OPEN})) AND claim_id <> own_claim_id",
    "decided": f"(status = 'withdrawn' OR ({_SETTLED}) = (decider_id IS NOT NULL)){_REST_DECIDED}",
    "review_asked": f"(status = 'withdrawn' OR ({_REVIEWED}) = (review_claim_id IS NOT NULL))"
    + _REST_REVIEWED,
}
_CONFLICT_BEFORE = {
    "two_sides": "opener_id <> rival_id AND claim_id <> own_claim_id",
    "decided": f"({_SETTLED}) = (decider_id IS NOT NULL){_REST_DECIDED}",
    "review_asked": f"({_REVIEWED}) = (review_claim_id IS NOT NULL){_REST_REVIEWED}",
}
_CLAIM_DECIDED = (
    "(proposer_id IS NOT NULL OR {adopted}) AND (decider_id IS NULL) = (decided_at IS NULL)"
    " AND (status NOT IN ('confirmed', 'refused') OR decider_id IS NOT NULL OR {adopted})"
    " AND (NOT is_self_reviewed OR decider_id IS NOT NULL)"
)
_GROUNDS = ("sole", "countersigned", "upper", "decided", "adopted")
_RETURNS = ("due", "reported", "missed")
_KEEP_CLAIM = """
CREATE OR REPLACE FUNCTION source_claim_keep() RETURNS trigger LANGUAGE plpgsql AS $$
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
            WHERE claim_id = NEW.id), '{{}}'::int4multirange);
    IF {about} AND kind <> 'authoritative' THEN
        RAISE EXCEPTION 'this element has no source'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (OLD.status IN ('re_assigned', 'ended', 'withdrawn', 'refused') OR
        (NEW.claim_no, NEW.element_id, NEW.scope_id, NEW.area_code,
            NEW.proposer_id{said_new}) IS DISTINCT FROM
        (OLD.claim_no, OLD.element_id, OLD.scope_id, OLD.area_code,
            OLD.proposer_id{said_old}) OR
        OLD.confirmed_on IS NOT NULL AND (NEW.confirmed_on, NEW.ground{decided_new})
            IS DISTINCT FROM (OLD.confirmed_on, OLD.ground{decided_old}))
    THEN
        RAISE EXCEPTION 'what a source claim says stays as it is'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""
_SAID = (
    *("duty_id", "document", "article", "collected_by", "is_upper", "is_by_administration"),
    *("is_rival", "replaces_id"),
)
_DECIDED = ("reason", "decider_id", "decided_at", "is_self_reviewed")
_GUARDS = """
-- Whoever countersigned a claim does not decide on it.
CREATE FUNCTION source_claim_judge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM source_countersign
        WHERE claim_id = NEW.id AND signer_id = NEW.decider_id) THEN
        RAISE EXCEPTION 'nobody decides about what they countersigned'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER source_claim_judge BEFORE UPDATE OF decider_id ON source_claim
    FOR EACH ROW WHEN (NEW.decider_id IS NOT NULL) EXECUTE FUNCTION source_claim_judge();

-- Whoever claimed for a side of a conflict neither decides nor reviews it.
CREATE FUNCTION source_conflict_judge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM source_claim
        WHERE id IN (NEW.claim_id, NEW.own_claim_id)
            AND proposer_id IN (NEW.decider_id, NEW.reviewer_id)) THEN
        RAISE EXCEPTION 'nobody decides about what they claimed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER source_conflict_judge BEFORE UPDATE OF decider_id, reviewer_id ON source_conflict
    FOR EACH ROW EXECUTE FUNCTION source_conflict_judge();

-- What has a source, or is claimed, stays what needs one; what ends leaves no claim behind.
CREATE FUNCTION data_element_keep_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM source_claim WHERE element_id = NEW.id
        AND status IN ('proposed', 'countersigning', 'confirmed')) THEN
        RAISE EXCEPTION 'a derived or ended element has no source'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER data_element_keep_source AFTER UPDATE OF sourcing, status ON data_element
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.sourcing <> 'authoritative' OR NEW.status IN ('superseded', 'retired'))
    EXECUTE FUNCTION data_element_keep_source();

-- A scope ends once, and no claim for it lives on; none begins for one that has ended.
CREATE FUNCTION object_scope_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'source_claim' THEN
        PERFORM FROM object_scope WHERE id = NEW.scope_id AND ended_on IS NULL FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the object scope has ended'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.ended_on IS NOT NULL OR EXISTS (SELECT FROM source_claim WHERE scope_id = NEW.id
        AND status IN ('proposed', 'countersigning', 'confirmed')) THEN
        RAISE EXCEPTION 'an object scope ends once, without a claim that lives'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER object_scope_keep BEFORE UPDATE ON object_scope
    FOR EACH ROW EXECUTE FUNCTION object_scope_keep();
CREATE TRIGGER source_claim_live_scope BEFORE INSERT ON source_claim
    FOR EACH ROW WHEN (NEW.scope_id IS NOT NULL) EXECUTE FUNCTION object_scope_keep();
"""
_NO_GUARDS = """
DROP TRIGGER source_claim_live_scope ON source_claim;
DROP TRIGGER object_scope_keep ON object_scope;
DROP FUNCTION object_scope_keep();
DROP TRIGGER data_element_keep_source ON data_element;
DROP FUNCTION data_element_keep_source();
DROP TRIGGER source_conflict_judge ON source_conflict;
DROP FUNCTION source_conflict_judge();
DROP TRIGGER source_claim_judge ON source_claim;
DROP FUNCTION source_claim_judge();
"""


def _of_rows(columns: tuple[str, ...]) -> tuple[str, str]:
    """These columns of the row as it comes and as it was, for the end of a list."""
    new, old = ("".join(f", {row}.{name}" for name in columns) for row in ("NEW", "OLD"))
    return new, old


def _keep_claim(about: str, said: tuple[str, ...], decided: tuple[str, ...]) -> str:
    (said_new, said_old), (decided_new, decided_old) = _of_rows(said), _of_rows(decided)
    return _KEEP_CLAIM.format(
        about=about,
        said_new=said_new,
        said_old=said_old,
        decided_new=decided_new,
        decided_old=decided_old,
    )


def _check(table: str, name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"{table}_{name}_check"), table)
    op.create_check_constraint(op.f(f"{table}_{name}_check"), table, rule)


def _words(table: str, name: str, words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    _check(table, name, f"{name} IN ({listed})")


def _keep_census(*ended: str) -> str:
    listed = ", ".join(f"'{word}'" for word in ended)
    return f"""
CREATE OR REPLACE FUNCTION catalog_keep_census() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR TG_TABLE_NAME = 'system_confirmation' THEN
        RAISE EXCEPTION 'what was said in a census stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.status IN ({listed}) AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'the result of a census stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$;
"""


def upgrade() -> None:
    _settle_what_is_left()
    _widen_tables()
    for name, rule in _CONFLICT.items():
        _check("source_conflict", name, rule)
    _check(
        "source_claim", "decided", _CLAIM_DECIDED.format(adopted="ground IN ('adopted', 'carried')")
    )
    _words("source_claim", "ground", (*_GROUNDS, "carried"))
    _words("census_return", "status", (*_RETURNS, "passed"))
    op.execute(_keep_census("closed", "reported", "missed", "passed"))
    op.execute(_keep_claim("(TG_OP = 'INSERT' OR NEW.status = 'confirmed')", _SAID, _DECIDED))
    op.execute(_GUARDS)
    for table, columns in _HOLDERS.items():
        named = ", ".join(f"'{column}'" for column in columns)
        op.execute(
            f"CREATE TRIGGER {table}_keep_holder BEFORE UPDATE OF {', '.join(columns)} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION department_keep_holder({named})"
        )
    role = context.config.attributes["app_role"]
    for rights in _GRANTS:
        op.execute(f'GRANT {rights} TO "{role}"')


def _settle_what_is_left() -> None:
    """Sources that were named for an element that has ended since."""
    op.execute("SELECT guard.excuse('sources end with their element')")
    ended = "FROM data_element WHERE data_element.id = element_id AND data_element.status IN"
    op.execute(
        "UPDATE source_claim SET status = 'ended', ended_on = greatest(data_element.ended_on,"
        " confirmed_on), end_reason = '数据元已终止', version = source_claim.version + 1"
        f" {ended} ('superseded', 'retired') AND source_claim.status = 'confirmed'"
    )


_ONCE = ("succession_id", "kind", "number")


def _widen_tables() -> None:
    op.drop_constraint(op.f("succeeded_object_succession_id_kind_number_key"), "succeeded_object")
    op.create_unique_constraint(
        op.f("succeeded_object_succession_id_kind_number_from_id_key"),
        "succeeded_object",
        [*_ONCE, "from_id"],
    )
    said = {"nullable": False, "server_default": ""}
    op.add_column("source_conflict", sa.Column("lapse_reason", sa.String(500), **said))
    op.create_check_constraint(
        op.f("source_conflict_lapsed_check"),
        "source_conflict",
        "lapse_reason = '' OR status = 'withdrawn'",
    )
    op.add_column("object_scope", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("object_scope", sa.Column("end_reason", sa.String(1_000), **said))
    op.create_check_constraint(
        op.f("object_scope_ended_check"), "object_scope", "(ended_on IS NULL) = (end_reason = '')"
    )
    op.drop_constraint(op.f("object_scope_element_id_name_key"), "object_scope")
    op.create_index(
        "object_scope_name_key",
        "object_scope",
        ["element_id", "name"],
        unique=True,
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.add_column(
        "element_proposal",
        sa.Column("carries_sources", sa.Boolean(), nullable=False, server_default="false"),
    )
    op.create_check_constraint(
        op.f("element_proposal_carries_check"),
        "element_proposal",
        "NOT carries_sources OR kind = 'replace'",
    )


def downgrade() -> None:
    op.execute("SELECT guard.excuse('sources are carried no more')")
    for table in _HOLDERS:
        op.execute(f"DROP TRIGGER {table}_keep_holder ON {table}")
    op.execute(_NO_GUARDS)
    op.execute(_keep_claim("TG_OP = 'INSERT'", (), ()))
    op.execute(_keep_census("closed", "reported", "missed"))
    op.execute("ALTER TABLE census_return DISABLE TRIGGER census_return_keep")
    op.execute("UPDATE census_return SET status = 'missed' WHERE status = 'passed'")
    op.execute("ALTER TABLE census_return ENABLE TRIGGER census_return_keep")
    _words("census_return", "status", _RETURNS)
    op.execute("ALTER TABLE source_claim DISABLE TRIGGER source_claim_keep")
    op.execute("UPDATE source_claim SET ground = 'adopted' WHERE ground = 'carried'")
    op.execute("ALTER TABLE source_claim ENABLE TRIGGER source_claim_keep")
    _words("source_claim", "ground", _GROUNDS)
    _check("source_claim", "decided", _CLAIM_DECIDED.format(adopted="ground = 'adopted'"))
    _narrow_tables()
    role = context.config.attributes["app_role"]
    op.execute(f'REVOKE UPDATE (opener_id, rival_id) ON source_conflict FROM "{role}"')
    op.execute(f'REVOKE UPDATE (department_id) ON source_countersign FROM "{role}"')


def _narrow_tables() -> None:
    op.drop_constraint(
        op.f("succeeded_object_succession_id_kind_number_from_id_key"), "succeeded_object"
    )
    op.execute("ALTER TABLE succeeded_object DISABLE TRIGGER succeeded_object_keep")
    op.execute(
        "DELETE FROM succeeded_object AS later USING succeeded_object AS first WHERE later.id >"
        " first.id AND (later.succession_id, later.kind, later.number) ="
        " (first.succession_id, first.kind, first.number)"
    )
    op.execute("ALTER TABLE succeeded_object ENABLE TRIGGER succeeded_object_keep")
    op.create_unique_constraint(
        op.f("succeeded_object_succession_id_kind_number_key"), "succeeded_object", _ONCE
    )
    op.drop_constraint(op.f("element_proposal_carries_check"), "element_proposal")
    op.drop_column("element_proposal", "carries_sources")
    op.drop_index("object_scope_name_key", "object_scope")
    # an ended scope of a name that lives again keeps it with its number
    op.execute("UPDATE object_scope SET name = left(name, 90) || number WHERE ended_on IS NOT NULL")
    op.create_unique_constraint(
        op.f("object_scope_element_id_name_key"), "object_scope", ["element_id", "name"]
    )
    op.drop_constraint(op.f("object_scope_ended_check"), "object_scope")
    for name in ("ended_on", "end_reason"):
        op.drop_column("object_scope", name)
    op.execute("SELECT guard.excuse('what fell away is told as it was decided')")
    _drop_lapsed()
    for name, rule in _CONFLICT_BEFORE.items():
        _check("source_conflict", name, rule)
    op.drop_constraint(op.f("source_conflict_lapsed_check"), "source_conflict")
    op.drop_column("source_conflict", "lapse_reason")


def _drop_lapsed() -> None:
    """What fell away has two sides no more, or a decision beside it: there was no such conflict."""
    gone = "SELECT id FROM source_conflict WHERE lapse_reason <> '' OR opener_id = rival_id"
    op.execute(f"DELETE FROM source_statement WHERE conflict_id IN ({gone})")
    op.execute(f"DELETE FROM source_conflict WHERE id IN ({gone})")
