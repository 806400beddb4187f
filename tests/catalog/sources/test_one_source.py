"""Rule 21, Art. 19: one confirmed source at most for an element, a scope and an area, at any
moment; stated by the database, whoever writes.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import Any

import psycopg
import pytest
from fixtures import organising, sourcing
from fixtures.callers import client, once
from fixtures.people import DEPARTMENTS
from fixtures.world import Worlds
from fixtures.worlds import World
from psycopg.errors import CheckViolation, ExclusionViolation, IntegrityConstraintViolation
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from catalog.elements.words import Sourcing
from catalog.sources import repository, service
from catalog.sources.errors import ClaimedAlready, SourceStands
from catalog.sources.schemas import ClaimDecision
from catalog.sources.words import ClaimStatus
from shuqiao.db import reading, unit_of_work
from shuqiao.subject import Subject

At = Callable[[str], World]
SCOPES = {
    "机关事业": ("education", "首位为 1，由机构编制部门赋码"),
    "社会组织": ("civil", "首位为 5，由民政部门赋码"),
    "经营主体": ("police", "首位为 9，由市场监管部门赋码"),
}


def post(world: World, who: str, path: str, body: dict[str, Any] | None = None) -> Any:
    seen = {}
    if path.startswith("/source-claims/"):
        case = "/".join(path.split("/")[:3])
        seen = {"if-match": client(world, who).get(f"/api/v1{case}").headers["etag"]}
    return client(world, who).post(f"/api/v1{path}", json=body, headers={**once(), **seen})


@pytest.fixture
def organised(world_at: At) -> World:
    """An adopted element; the areas are loaded, the departments described."""
    world = world_at("adopted_element")
    with unit_of_work() as session:
        organising.describe(session, world.subjects["data_admin"])
    return world


def claimed(world: World, who: str, **said: Any) -> Any:
    path = f"/elements/{world.element_identifier}/source-claims"
    return post(world, who, path, sourcing.BASIS | said)


def named(world: World, no: str, **said: Any) -> Any:
    return post(world, "data_admin", f"/source-claims/{no}/confirmations", said)


def sources(world: World) -> list[tuple[str, str | None, str]]:
    path = f"/api/v1/elements/{world.element_identifier}/source"
    found = client(world, "applicant").get(path).json()["sources"]
    return [(each["department"], each["scope"], each["area_code"]) for each in found]


def test_rule_21_three_sources_live_together_by_kind_of_object(organised: World) -> None:
    for scope, (_key, belongs) in SCOPES.items():
        path = f"/elements/{organised.element_identifier}/source/scopes"
        assert post(organised, "data_admin", path, {"name": scope, "belongs": belongs}).is_success
    second = organised.subjects["data_admin"]
    for scope, (key, _belongs) in SCOPES.items():
        no = claim_for(organised, key, scope=scope)
        with unit_of_work() as session:
            organised.claim_no = no
            found = sourcing.claim(session, organised)
            service.confirm(session, second, found, ClaimDecision())
    assert {scope for _name, scope, _area in sources(organised)} == set(SCOPES)
    whole = claimed(organised, "registrar")
    assert (whole.status_code, whole.json()["code"]) == (409, "source_stands")
    assert "SC-2026-0000" in whole.json()["detail"], "the claim that stands is named"


def claim_for(world: World, key: str, **said: Any) -> str:
    """A claim of a department, by a registrar that it would have."""
    with unit_of_work() as session:
        department = organising.seen(session, key)
        who = world.subjects["registrar"]
        acting = Subject(
            who.user_id, who.account, who.name, department.id, department.name, who.roles, "session"
        )
        body = sourcing.body(**said)
        made = service.propose(session, acting, sourcing.element(session, world), body)
        return made.claim_no


@pytest.mark.parametrize(("first", "then"), [("150200", "150000"), ("150000", "150200")])
def test_rule_21_an_area_contains_those_below_it(organised: World, first: str, then: str) -> None:
    assert named(organised, claimed(organised, "registrar", area_code=first).json()["claim_no"])
    answer = claimed(organised, "consumer_registrar", area_code=then)
    assert (answer.status_code, answer.json()["code"]) == (409, "source_stands")


def test_rule_21_an_exception_lets_an_area_below_have_its_own(organised: World) -> None:
    upper = claimed(organised, "registrar", area_code="150000").json()["claim_no"]
    assert named(organised, upper).is_success
    excepted = {"area_code": "150200", "reason": "包头市自行编码"}
    made = post(organised, "data_admin", f"/source-claims/{upper}/exceptions", excepted)
    assert made.status_code == 201, made.text
    lower = claimed(organised, "consumer_registrar", area_code="150200")
    assert lower.status_code == 201, lower.text
    assert named(organised, lower.json()["claim_no"]).is_success
    assert [area for _name, _scope, area in sources(organised)] == ["150000", "150200"]
    with reading() as session:
        ids = [sourcing.element(session, organised).id]
        at = {
            area: [each.area_code for each in repository.confirmed(session, ids, area_code=area)]
            for area in ("150000", "150100", "150200", "150203", "410300")
        }
    assert at == {
        "150000": [],
        "150100": ["150000"],
        "150200": ["150200"],
        "150203": ["150200"],
        "410300": [],
    }
    other = claimed(organised, "consumer_registrar", area_code="150100")
    assert other.status_code == 409, "the exception is for one area only"


def test_rule_21_an_exception_of_a_proposal_goes_with_it(organised: World) -> None:
    lower = claimed(organised, "registrar", area_code="150200").json()["claim_no"]
    assert named(organised, lower).is_success
    excepted = [{"area_code": "150200", "reason": "包头市自行编码"}]
    upper = claimed(organised, "consumer_registrar", area_code="150000", excepted=excepted)
    assert upper.status_code == 201, upper.text
    assert named(organised, upper.json()["claim_no"]).is_success
    assert len(sources(organised)) == 2


INSERT = """
INSERT INTO source_claim (id, claim_no, element_id, element_name, scope_id, department_id,
    area_code, element_number, area_span, document, article, collected_by, is_upper,
    is_by_administration, is_rival, status, ground, is_self_reviewed, reason, confirmed_on,
    ended_on, end_reason, version, created_at)
SELECT uuidv7(), %(no)s, e.id, e.name, %(scope)s, d.id, %(area)s, %(number)s, '{}', 'x', '', '',
    false, false, false, %(status)s, 'adopted', false, '', %(since)s, %(until)s, '', 1, now()
FROM data_element e, department d WHERE d.code = %(code)s
"""


@pytest.fixture
def owner(worlds: Worlds) -> Iterator[psycopg.Connection]:
    with worlds.cloned("adopted_element") as world, worlds.as_owner(world) as connection:
        connection.autocommit = False
        connection.execute("SELECT guard.excuse('a rule of the database is tried')")
        yield connection
        connection.rollback()


def insert(owner: psycopg.Connection, no: str, area: str, **said: Any) -> None:
    values = {
        "no": no,
        "area": area,
        "scope": None,
        "number": 999,
        "status": "confirmed",
        "since": "2026-02-11",
        "until": None,
        "code": DEPARTMENTS["education"][1],
    }
    with owner.transaction():
        owner.execute(INSERT.encode(), values | said)


@pytest.mark.parametrize("area", ["150000", "150200", "100000"])
def test_rule_21_stands_against_raw_sql_and_cannot_be_lied_about(
    owner: psycopg.Connection, area: str
) -> None:
    """The range of the area and the number of the element are never what was sent."""
    insert(owner, "SC-1", "150000")
    with pytest.raises(ExclusionViolation):
        insert(owner, "SC-2", area)
    insert(owner, "SC-3", "410300")
    owner.execute("UPDATE source_claim SET area_span = '{[1,2)}', element_number = 7")
    with pytest.raises(ExclusionViolation):
        insert(owner, "SC-4", area)


def test_rule_21_all_objects_overlap_every_scope(owner: psycopg.Connection) -> None:
    scopes = owner.execute(
        b"INSERT INTO object_scope (id, element_id, name, belongs, registered_at)"
        b" SELECT uuidv7(), e.id, part, 'x', now() FROM data_element e,"
        b" unnest(ARRAY['a', 'b']) AS part RETURNING object_scope.id"
    ).fetchall()
    for place, (scope,) in enumerate(scopes):
        insert(owner, f"SC-{place}", "150000", scope=scope)
    with pytest.raises(ExclusionViolation):
        insert(owner, "SC-9", "150000")


def test_rule_21_holds_for_what_was_as_well(owner: psycopg.Connection) -> None:
    insert(owner, "SC-1", "150000", status="ended", since="2026-01-01", until="2026-02-01")
    insert(owner, "SC-2", "150000", since="2026-02-01")
    with pytest.raises(ExclusionViolation):
        insert(owner, "SC-3", "150200", status="ended", since="2026-01-31", until="2026-02-01")


def test_rule_21_what_is_derived_has_no_source(owner: psycopg.Connection) -> None:
    owner.execute(
        "UPDATE data_element SET sourcing = %s, derivation = '甲减乙'".encode(), [Sourcing.DERIVED]
    )
    with pytest.raises(IntegrityConstraintViolation, match="no source"):
        insert(owner, "SC-1", "150000")


def test_rule_21_whoever_claims_does_not_confirm(owner: psycopg.Connection) -> None:
    insert(owner, "SC-1", "150000")
    with pytest.raises(CheckViolation, match="two_persons"):
        owner.execute(
            "INSERT INTO source_claim SELECT (jsonb_populate_record(c, jsonb_build_object('id',"
            " uuidv7(), 'claim_no', 'SC-2', 'area_code', '410300', 'decided_at', now(),"
            " 'proposer_id', u.id, 'decider_id', u.id))).* FROM source_claim c,"
            " (SELECT id FROM app_user LIMIT 1) u"
        )


def test_decisions_on_one_element_follow_each_other(committed_world: At) -> None:
    """Before any row is locked: a re-assignment beside a confirmation would else be a dead end."""
    world = committed_world("claimed_source")
    with unit_of_work() as session:
        found, who = sourcing.element(session, world), world.subjects["consumer_registrar"]
        rival = service.propose(session, who, found, sourcing.body(), is_rival=True).claim_no
    with unit_of_work() as first, unit_of_work() as second:
        assert repository.by_no(first, world.claim_no, lock=True) is not None
        second.connection().execute(text("SET LOCAL lock_timeout = '100ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            repository.by_no(second, rival, lock=True)
        second.rollback()


@pytest.mark.slow
def test_of_claims_at_once_one_is_taken_in(committed_world: At) -> None:
    """The others are pointed to a conflict: they see what stands, not what stood."""
    world = committed_world("adopted_element")
    barrier = Barrier(8)

    def propose(who: str) -> str:
        barrier.wait()
        try:
            return sourcing.propose(world, who)
        except ClaimedAlready as refusal:
            return str(refusal)

    people = ("registrar", "consumer_registrar") * 4
    with ThreadPoolExecutor(8) as pool:
        outcome = list(pool.map(lambda who: copy_context().run(propose, who), people))
    (made,) = [each for each in outcome if each.startswith("SC-")]
    assert all(made in each for each in outcome)


@pytest.mark.slow
def test_rule_21_of_fifty_at_once_exactly_one_is_confirmed(committed_world: At) -> None:
    """The others get a 409 that names the claim that stands; nobody a fault or a dead end."""
    world = committed_world("adopted_element")
    with unit_of_work() as session:
        found, rivals = sourcing.element(session, world), []
        for _each in range(50):
            who = world.subjects["registrar"]
            body = sourcing.body()
            claim = service.propose(session, who, found, body, is_rival=True)
            rivals.append(claim.claim_no)
    barrier = Barrier(50)

    def confirm(no: str) -> str:
        barrier.wait()
        try:
            with unit_of_work() as session:
                claim = repository.by_no(session, no, lock=True)
                assert claim is not None
                service.confirm(
                    session, world.subjects["data_admin"], claim, ClaimDecision(), is_settled=True
                )
        except SourceStands as refusal:
            return str(refusal)
        return "confirmed"

    with ThreadPoolExecutor(50) as pool:
        outcome = list(pool.map(lambda no: copy_context().run(confirm, no), rivals))
    assert outcome.count("confirmed") == 1
    with reading() as session:
        (standing,) = repository.confirmed(session, [sourcing.element(session, world).id])
        assert standing.status is ClaimStatus.CONFIRMED
    others = [each for each in outcome if each != "confirmed"]
    assert len(others) == 49 and all(standing.claim_no in each for each in others)
