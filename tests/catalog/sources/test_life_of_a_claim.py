"""Art. 19: a department claims, every collecting department countersigns, the data administration
names the source – never by silence, never by whoever claimed, and never twice.
"""

from collections.abc import Callable
from typing import Any

import pytest
from fixtures import organising, sourcing
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import clock_of, task_kinds, trail
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World

from auth.escalation import escalate
from catalog.elements.words import Sourcing
from catalog.sources import repository, service
from catalog.sources.schemas import ClaimDecision
from catalog.sources.words import CountersignStatus
from policies.clocks import Clock
from shuqiao.db import reading, unit_of_work
from shuqiao.desk.messages import inbox
from shuqiao.limits import Basis
from shuqiao.settings import settings

At = Callable[[str], World]
SIGN = "/countersigns/1/answers"


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def be(day: str) -> None:
        monkeypatch.setenv("SHUQIAO_CLOCK", f"{day}T09:00:00+08:00")
        settings.cache_clear()

    return be


def act(world: World, who: str, what: str, body: dict[str, Any] | None = None) -> Any:
    path = f"/api/v1/source-claims/{world.claim_no}"
    seen = client(world, "data_admin").get(path).headers["etag"]
    sent = client(world, who)
    return sent.post(f"{path}{what}", json=body, headers={**once(), "if-match": seen})


def claim(world: World, who: str, **said: Any) -> Any:
    path = f"/api/v1/elements/{world.element_identifier}/source-claims"
    return client(world, who).post(path, json=sourcing.BASIS | said, headers=once())


def test_the_only_collector_is_the_source_as_a_matter_of_course(world_at: At) -> None:
    """当然数源: nobody is asked, the administration confirms, and it is marked so."""
    world = world_at("draft_resource")
    world.claim_no = claim(world, "registrar").json()["claim_no"]
    clock = clock_of(world.claim_no)
    assert (clock.kind, clock.basis, clock.limit_days) == (Clock.SOURCE_NAMING, Basis.POLICY, 10)
    assert "name_source" in task_kinds(world, "data_admin")
    named = act(world, "data_admin", "/confirmations", {}).json()
    assert (named["status"], named["ground"], named["countersigns"]) == ("confirmed", "sole", [])
    assert trail(world.claim_no) == ["source:claimed", "source:confirmed"]
    assert "name_source" not in task_kinds(world, "data_admin")


def test_every_other_collector_countersigns_before_a_source_is_named(world_at: At) -> None:
    world = world_at("countersigned_source")
    assert "countersign_source" in task_kinds(world, "provider_head")
    assert clock_of(f"{world.claim_no}#1").limit_days == 5
    early = act(world, "data_admin", "/confirmations", {"reason": "职责明确"})
    assert (early.status_code, early.json()["code"]) == (409, "countersigning_open")
    bare = act(world, "provider_head", SIGN, {"answer": "objected"})
    assert bare.json()["errors"][0]["pointer"] == "#/reason"
    said = {"answer": "objected", "reason": "学籍由教育厅采集，公安厅只作核验"}
    assert act(world, "provider_head", SIGN, said).json()["countersigns"][0]["status"] == "objected"
    assert act(world, "provider_head", SIGN, said).status_code == 409, "it is given once"
    silent = act(world, "data_admin", "/confirmations", {})
    assert silent.json()["errors"][0]["pointer"] == "#/reason", "the objection is answered"
    named = act(world, "data_admin", "/confirmations", {"reason": "户籍登记由公安厅依法采集"})
    assert (named.json()["status"], named.json()["ground"]) == ("confirmed", "countersigned")
    assert "source:objected" in trail(world.claim_no)


def test_silence_agrees_to_nothing_and_is_recorded(world_at: At, on: Callable[[str], None]) -> None:
    world = world_at("countersigned_source")
    on("2026-02-25")
    body = {"reason": "教育厅逾期未会签"}
    assert act(world, "data_admin", "/confirmations", body).status_code == 409, "the last day"
    on("2026-02-26")
    with unit_of_work() as session:
        escalate(session)
    assert any("countersign_source" in kind for kind in task_kinds(world, "head")), "passed on"
    named = act(world, "data_admin", "/confirmations", body)
    assert named.status_code == 201, named.text
    assert named.json()["countersigns"][0]["status"] == CountersignStatus.SILENT
    assert "source:silent" in trail(world.claim_no)


def test_who_came_to_collect_since_is_asked_first(world_at: At) -> None:
    world = world_at("other_collector")
    early = act(world, "data_admin", "/confirmations", {})
    assert early.status_code == 409
    assert "公安厅" in early.json()["detail"]
    assert act(world, "data_admin", "/countersigns").json()["status"] == "countersigning"
    assert "countersign_source" in task_kinds(world, "consumer_head")
    assert act(world, "data_admin", "/countersigns").status_code == 409, "nobody is left to ask"


def test_what_is_taken_from_its_source_is_not_collected(world_at: At) -> None:
    """A copy does not countersign: it holds what the source has."""
    world = world_at("adopted_element")
    code = sourcing.collect(world, "consumer_registrar")
    origin = {"kind": "copied", "department": DEPARTMENTS["education"][1]}
    sourcing.let_come(world, code, origin)
    made = claim(world, "registrar").json()
    assert (made["status"], made["countersigns"]) == ("proposed", [])


def test_a_second_claim_is_for_a_conflict(world_at: At) -> None:
    world = world_at("claimed_source")
    again = claim(world, "consumer_registrar")
    assert (again.status_code, again.json()["code"]) == (409, "claimed_already")
    assert world.claim_no in again.json()["detail"]
    assert claim(world, "registrar").status_code == 409, "the own department has claimed already"
    with unit_of_work() as session:
        element, who = sourcing.element(session, world), world.subjects["consumer_registrar"]
        rival = service.propose(session, who, element, sourcing.body(), is_rival=True)
        assert rival.is_rival
    assert act(world, "registrar", "/withdrawals").json()["status"] == "withdrawn"
    assert act(world, "data_admin", "/confirmations", {}).status_code == 409


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"document": ""}, "#/document"),
        ({"duty_no": "DU-2026-000999"}, "#/duty_no"),
        ({"scope": "没有的范围"}, "#/scope"),
        ({"area_code": "999999"}, "#/area_code"),
        ({"department": DEPARTMENTS["police"][1]}, "#/department"),
        ({"is_upper": True}, "#/is_upper"),
        ({"replaces": "SC-2026-000001"}, "#/replaces"),
        ({"excepted": [{"area_code": "410300", "reason": "x"}]}, "#/excepted/0/area_code"),
    ],
)
def test_what_a_department_cannot_claim(world_at: At, said: Any, pointer: str) -> None:
    world = world_at("adopted_element")
    with unit_of_work() as session:
        organising.describe(session, world.subjects["data_admin"])
    answer = claim(world, "registrar", **said)
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_a_duty_by_its_number_is_a_basis(world_at: At) -> None:
    world = world_at("adopted_element")
    with unit_of_work() as session:
        organising.describe(session, world.subjects["data_admin"])
    made = claim(world, "registrar", document="", duty_no="DU-2026-000001")
    assert (made.status_code, made.json()["duty_no"]) == (201, "DU-2026-000001")
    assert made.json()["area_code"] == "150000", "without a word it is the department's own area"


@pytest.mark.parametrize(
    ("described", "is_upper", "status"),
    [
        ({"level": "province", "area_code": "150000", "line": "territorial"}, False, 201),
        ({"level": "province", "area_code": "150000", "line": "vertical"}, False, 422),
        ({"level": "province", "area_code": "150000", "line": "vertical"}, True, 201),
        ({"level": "national", "area_code": "100000", "line": "territorial"}, False, 422),
        ({"level": "national", "area_code": "100000", "line": "territorial"}, True, 201),
        ({"level": "city", "area_code": "150200", "line": "territorial"}, False, 422),
        ({"level": "city", "area_code": "150200", "line": "territorial"}, True, 422),
        (
            {
                "level": "province",
                "area_code": "150000",
                "line": "territorial",
                "regime": "by_reference",
            },
            False,
            422,
        ),
    ],
)
def test_the_administration_names_departments_of_its_own_level(
    world_at: At, described: Any, is_upper: bool, status: int
) -> None:
    """Vertical and upper ones are recorded with a document; none over organs that follow 参照."""
    world = world_at("adopted_element")
    with unit_of_work() as session:
        who = world.subjects["data_admin"]
        organising.describe(session, who)
        own = {"level": "province", "area_code": "150000", "line": "territorial"}
        organising.state(session, who, organising.found(session, "bureau"), **own)
        organising.state(session, who, organising.found(session, "civil"), **described)
    said = {"department": DEPARTMENTS["civil"][1], "is_upper": is_upper}
    answer = claim(world, "data_admin", **said)
    assert answer.status_code == status, answer.text
    if status == 201:
        assert answer.json()["is_by_administration"]
        world.claim_no = answer.json()["claim_no"]
        own_word = act(world, "data_admin", "/confirmations", {})
        assert own_word.status_code == 403, "who opened it does not name it"


@pytest.mark.parametrize("sourcing_kind", [Sourcing.DERIVED, Sourcing.NONE])
def test_what_needs_no_source_refuses_claims(world_at: At, sourcing_kind: Sourcing) -> None:
    world = world_at("adopted_element")
    sourcing.let_source(world, sourcing_kind)
    answer = claim(world, "registrar")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_source_needed")
    found = client(world, "applicant").get("/api/v1/source-coverage").json()["total"]
    assert (found["elements"], found["share"]) == (0, None)


def test_a_new_source_begins_on_the_day_the_old_one_ends(world_at: At) -> None:
    """History stays, entries of both sides are to be updated (Art. 17), followers are told."""
    world = world_at("published_resource")
    old = world.claim_no = claim(world, "registrar").json()["claim_no"]
    assert act(world, "data_admin", "/confirmations", {}).is_success
    body = {"department": DEPARTMENTS["police"][1], "replaces": old}
    made = claim(world, "data_admin", **body)
    assert made.status_code == 201, made.text
    with unit_of_work() as session:
        world.claim_no = made.json()["claim_no"]
        found = sourcing.claim(session, world)
        for sign in repository.countersigns(session, found.id):
            service.answer(session, world.subjects["provider_head"], sign, sourcing.AGREES)
        other = sourcing.colleague(world, "data_admin", "reviewer")
        service.confirm(session, other, found, ClaimDecision(reason="职责划转"))
    with reading() as session:
        element = sourcing.element(session, world)
        by_no = {each.claim_no: each for each in repository.of_element(session, element.id)}
        assert by_no[old].status == "re_assigned"
        assert by_no[old].ended_on == by_no[world.claim_no].confirmed_on
        (standing,) = repository.confirmed(session, [element.id])
        assert standing.claim_no == world.claim_no
        told = [each.what["msgid"] for each in inbox(session, world.subjects["registrar"])]
        assert any("no longer the source" in each for each in told)
    assert "update_resource" in task_kinds(world, "registrar")
    assert trail(old)[-1] == "source:re_assigned"


def test_a_source_ends_with_a_reason_and_the_way_is_free(world_at: At) -> None:
    world = world_at("named_source")
    assert act(world, "data_admin", "/ends", {"reason": ""}).status_code == 422
    ended = act(world, "data_admin", "/ends", {"reason": "职责取消"}).json()
    assert (ended["status"], ended["ended_on"]) == ("ended", "2026-02-11")
    assert act(world, "data_admin", "/ends", {"reason": "再次"}).status_code == 409
    assert claim(world, "consumer_registrar").status_code == 201


def test_the_coverage_tells_numerator_and_denominator(world_at: At) -> None:
    world = world_at("draft_resource")

    def covered() -> tuple[int, int, float | None]:
        found = client(world, "applicant").get("/api/v1/source-coverage").json()["total"]
        return found["elements"], found["with_source"], found["share"]

    assert covered() == (1, 0, 0.0)
    world.claim_no = claim(world, "registrar").json()["claim_no"]
    assert covered() == (1, 0, 0.0), "a claim is no source"
    act(world, "data_admin", "/confirmations", {})
    assert covered() == (1, 1, 100.0)


def test_a_claim_over_a_standing_source_names_it(world_at: At) -> None:
    world = world_at("named_source")
    answer = claim(world, "consumer_registrar")
    assert (answer.status_code, answer.json()["code"]) == (409, "source_stands")
    assert world.claim_no in answer.json()["detail"]


def test_a_decision_about_the_own_department_is_marked_and_listed(world_at: At) -> None:
    """本部门自审: another person of the administration decides, and the superior reads it."""
    world = world_at("adopted_element")
    world.claim_no = claim(world, "data_admin").json()["claim_no"]
    with unit_of_work() as session:
        other = sourcing.colleague(world, "data_admin", "reviewer")
        service.confirm(session, other, sourcing.claim(session, world), ClaimDecision())
    (listed,) = client(world, "reviewer").get("/api/v1/self-reviews").json()["items"]
    assert (listed["kind"], listed["number"]) == ("source", world.claim_no)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("status = 'draft', adopted_at = NULL, published_version = 0", "element_not_in_force"),
    ],
)
def test_what_needs_no_source_any_more_gets_none(world_at: At, change: str, code: str) -> None:
    world = world_at("claimed_source")
    run_sql(f"UPDATE data_element SET {change} WHERE identifier = '{world.element_identifier}'")
    refused = act(world, "data_admin", "/confirmations", {})
    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert act(world, "data_admin", "/refusals", {"reason": "不再需要"}).status_code == 201
