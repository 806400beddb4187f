"""Art. 17: a change of law or duties starts the limit for updating the entry; more time is given
once, by the data administration; the next version ends it.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fixtures.callers import client, once
from fixtures.exchanging import clock_of, task_kinds, trail
from fixtures.page_forms import shown
from fixtures.worlds import World

from catalog.copies import service as copies
from catalog.publication import service as publication
from catalog.publication.schemas import ConsentCreate, ReviewCreate
from catalog.registration import service as registration
from catalog.resources import repository as resources
from catalog.updates import service
from catalog.updates.repository import owed as repository
from catalog.updates.words import UpdateStatus
from policies.clocks import Clock
from shuqiao.db import reading, unit_of_work
from shuqiao.limits import Basis
from shuqiao.settings import settings

At = Callable[[str], World]
Be = Callable[[str], None]
FIVE = {"working_days": 5, "reason": "信息项须逐项核实"}
YES = {"outcome": "consented"}


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Be:
    """Let it be that day."""

    def be(day: str) -> None:
        monkeypatch.setenv("SHUQIAO_CLOCK", f"{day}T09:00:00+08:00")
        settings.cache_clear()

    return be


def post(world: World, who: str, path: str, body: dict[str, Any]) -> Any:
    return client(world, who).post(f"/api/v1{path}", json=body, headers=once())


def record(world: World, day: str, who: str = "registrar") -> Any:
    body = {"on": day, "kind": "law", "basis": "《义务教育法》修改"}
    return post(world, who, f"/resources/{world.resource_code}/change-events", body)


def ask(world: World, who: str = "registrar", **changed: Any) -> Any:
    return post(world, who, f"/change-events/{world.change_no}/extensions", {**FIVE, **changed})


def decide(world: World, who: str = "data_admin", **said: Any) -> Any:
    return post(world, who, f"/change-events/{world.change_no}/decisions", {**YES, **said})


@pytest.mark.parametrize(
    ("today", "changed_on", "due_on"),
    [
        ("2026-02-11", "2026-02-10", "2026-03-02"),
        ("2026-09-23", "2026-09-23", "2026-10-14"),
        ("2026-10-08", "2026-09-24", "2026-10-15"),
    ],
)
def test_rule_05_the_limit_runs_from_the_day_of_the_change(
    world_at: At, on: Be, today: str, changed_on: str, due_on: str
) -> None:
    world = world_at("published_resource")
    on(today)
    answer = record(world, changed_on)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["due_on"], answer.json()["limit_days"]) == (due_on, 10)
    clock = clock_of(answer.json()["change_no"])
    assert (clock.kind, clock.basis, clock.article) == (
        Clock.CATALOGUE_UPDATE,
        Basis.STATUTORY,
        "17",
    )
    assert task_kinds(world, "registrar") == ["update_resource"]


def test_rule_05_more_time_is_given_once_and_with_consent(world_at: At) -> None:
    """Due on 2 March; five working days more are 9 March."""
    world = world_at("changed_law")
    assert ask(world, working_days=6).status_code == 422
    assert decide(world).status_code == 409, "nothing was asked for"
    assert ask(world).json()["status"] == "extension_asked"
    assert task_kinds(world, "data_admin") == ["extend_update"]
    assert decide(world, who="registrar").status_code == 403, "by the provider alone"
    extended = decide(world)
    assert (extended.status_code, extended.json()["due_on"]) == (201, "2026-03-09")
    assert task_kinds(world, "data_admin") == []
    assert task_kinds(world, "registrar") == ["update_resource"]
    assert (ask(world).status_code, decide(world).status_code) == (409, 409)
    assert trail(world.change_no) == [
        "update:recorded",
        "update:extension_asked",
        "action:denied",
        "update:extended",
    ]


def test_rule_05_a_limit_that_is_over_is_not_extended(world_at: At, on: Be) -> None:
    world = world_at("changed_law")
    on("2026-03-03")
    assert ask(world).status_code == 409
    on("2026-03-02")
    assert ask(world).status_code == 201
    on("2026-03-03")
    assert decide(world).status_code == 409
    assert str(clock_of(world.change_no).due_on) == "2026-03-02"


def test_a_refusal_says_why_and_leaves_the_limit(world_at: At) -> None:
    world = world_at("asked_extension")
    assert decide(world, outcome="refused").status_code == 422
    answer = decide(world, outcome="refused", remark="理由不充分")
    assert (answer.json()["status"], answer.json()["due_on"]) == ("due", "2026-03-02")
    assert ask(world).status_code == 201, "what was not given can be asked for again"


@pytest.mark.parametrize("day", ["2026-02-12", "2025-07-31"])
def test_a_day_to_come_or_before_the_order_is_refused(world_at: At, day: str) -> None:
    answer = record(world_at("published_resource"), day)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/on"]


def test_only_a_published_entry_has_a_limit(world_at: At) -> None:
    assert record(world_at("consented_resource"), "2026-02-10").status_code == 409


def test_the_data_administration_records_it_for_the_registrar(world_at: At) -> None:
    world = world_at("published_resource")
    assert record(world, "2026-02-10", who="data_admin").status_code == 201
    assert task_kinds(world, "registrar") == ["update_resource"]


def test_the_next_version_ends_the_limit_and_whatever_was_asked(world_at: At) -> None:
    world = world_at("asked_extension")
    code = world.resource_code.replace("-", "/")
    with unit_of_work() as session:
        entry = resources.by_code(session, code, lock=True)
        assert entry is not None
        service.meet(session, world.subjects["data_admin"], entry)
        service.meet(session, world.subjects["data_admin"], entry)
    with reading() as session:
        (change,) = repository.of_entry(session, code)
        assert change.status is UpdateStatus.MET
    assert str(clock_of(world.change_no).closed_on) == "2026-02-11"
    assert task_kinds(world, "registrar") == task_kinds(world, "data_admin") == []
    assert trail(world.change_no)[-1] == "update:met"


def test_publishing_the_next_version_is_what_ends_it(world_at: At) -> None:
    world = world_at("changed_law")
    code = world.resource_code.replace("-", "/")
    who = world.subjects
    with unit_of_work() as session:
        entry = resources.by_code(session, code, lock=True)
        assert entry is not None
        copies.open_copy(session, who["registrar"], entry, entry.version)
        copy = resources.working_copy(session, entry, lock=True)
        assert copy is not None
        copy.abstract = "校舍情况随法律修改一并登记。"
        registration.submit(session, who["registrar"], copy)
        publication.consent(session, who["head"], copy, ConsentCreate())
        assert clock_of(world.change_no).closed_on is None, "consent alone is no update"
        publish = ReviewCreate.model_validate({"outcome": "published"})
        assert publication.review(session, who["data_admin"], copy, publish).published_version == 2
    assert str(clock_of(world.change_no).closed_on) == "2026-02-11"
    assert trail(world.change_no)[-1] == "update:met"


def test_the_entry_shows_the_limit_to_those_who_owe_it(world_at: At) -> None:
    world = world_at("changed_law")
    page = f"/catalog/{world.resource_code}"
    for who, is_shown in (("registrar", True), ("data_admin", True), ("applicant", False)):
        html = client(world, who).get(page, headers={"accept": "text/html"}).text
        assert (world.change_no in html, "更新期限" in html) == (is_shown, is_shown)


def test_the_pages_offer_their_choices_in_words(world_at: At) -> None:
    world = world_at("asked_extension")
    decision = shown(client(world, "data_admin"), f"/change-events/{world.change_no}")
    assert re.findall(r'name="outcome" value="(\w+)"', decision) == ["consented", "refused"]
    assert "同意延期" in decision and "不同意延期" in decision
    form = shown(client(world, "registrar"), f"/resources/{world.resource_code}/change-events")
    assert '<option value="law">法律</option>' in form
