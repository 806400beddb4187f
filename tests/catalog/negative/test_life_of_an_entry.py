"""An entry that is proposed by itself, its review, its end, contests of its basis – and races."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from fixtures import withholding
from fixtures.callers import client, once
from fixtures.database import run_sql
from fixtures.exchanging import task_kinds, trail
from fixtures.people import DEPARTMENTS
from fixtures.worlds import World
from sqlalchemy.exc import IntegrityError

from auth.escalation import escalate
from catalog.negative.schemas import ContestCreate
from catalog.negative.tasks import look_again
from catalog.resources.errors import Incomplete
from catalog.updates.repository.owed import open_of_entry
from shuqiao.db import unit_of_work
from shuqiao.errors import Invalid
from shuqiao.settings import settings
from tests.catalog.negative import deeds
from tests.catalog.negative.deeds import item

At = Callable[[str], World]
OnDay = Callable[[date], None]
STAFF = "从业人员数"
CLAUSE = "不得对外提供"


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> OnDay:
    return lambda day: monkeypatch.setattr(settings(), "clock", f"{day}T09:00:00+08:00")


def act(world: World, who: str, path: str, body: Any = None) -> Any:
    return client(world, who).post(f"/api/v1{path}", json=body, headers=once())


def acting(world: World, code: str, **said: Any) -> str:
    """An entry in force about the item 从业人员数 of a published entry; gives its number."""
    named = [{"resource": code, "name": STAFF}]
    no = withholding.propose(world, **{"items": named, **said})
    withholding.consented(world, no)
    withholding.in_force(world, no)
    return no


def status(no: str) -> str:
    (found,) = deeds.entries(entry_no=no)
    return found.status.value


def end(world: World, no: str) -> Any:
    body = {"ended_on": "2026-02-10", "document": "主席令第90号", "reason": "条文已删除"}
    return act(world, "data_admin", f"/negative-entries/{no}/endings", body)


class TestProposed:
    def test_it_acts_from_its_publication(self, world_at: At) -> None:
        world = world_at("adopted_element")
        code = deeds.published(world, item(STAFF))
        named = [{"resource": code, "name": "从 业 人 员 数"}]
        no = withholding.propose(world, items=named)
        assert "consent_to_negative" in task_kinds(world, "head")
        assert client(world, "stranger").get(f"/api/v1/negative-entries/{no}").status_code == 404
        withholding.consented(world, no)
        assert deeds.struck(code)[STAFF] == []
        before = deeds.shares(code)
        withholding.in_force(world, no)
        assert deeds.struck(code)[STAFF] == [no]
        assert deeds.shares(code) == before
        assert [each for each in trail(no) if each != "action:denied"] == [
            f"negative_entry:{each}"
            for each in ("proposed", "consent_asked", "consented", "in_force")
        ]

    def test_what_it_names_and_rests_on_is_there(self, world_at: At) -> None:
        world = world_at("adopted_element")
        code = deeds.published(world, item(STAFF))
        named = {"resource": code, "name": "别的"}
        said: dict[str, Any] = {
            "elements": ["DE-999999"],
            "items": [named, {**named, "resource": "307001-000999"}],
            "review_on": "2026-02-11",
            "reach_clause": "各部门均不得提供",
        }
        with pytest.raises(Invalid) as refused:
            withholding.propose(world, **said)
        assert {each.pointer for each in refused.value.errors} == {
            "/elements/0",
            "/items/0/name",
            "/items/1/resource",
            "/review_on",
            "/reach_clause",
        }
        with pytest.raises(Invalid) as refused:
            withholding.propose(world, department=DEPARTMENTS["police"][1])
        assert [each.code for each in refused.value.errors] == ["not_yours"]

    def test_it_reaches_all_only_quoted_and_confirmed(self, world_at: At) -> None:
        world = world_at("adopted_element")
        deeds.hire_head(world)
        other = deeds.published(world, item(STAFF), who="consumer_registrar", title="甲")
        code = deeds.published(world, item(STAFF), title="乙")
        named = [{"resource": code, "name": STAFF}]
        no = withholding.propose(world, items=named, reach_clause=CLAUSE)
        withholding.consented(world, no)
        withholding.in_force(world, no)
        assert deeds.struck(other)[STAFF] == []
        far = withholding.propose(world, items=named, reach_clause=CLAUSE, supersedes=no)
        withholding.consented(world, far)
        withholding.in_force(world, far, reaches_all=True)
        assert deeds.struck(other)[STAFF] == deeds.struck(code)[STAFF] == [far]
        assert status(no) == "superseded"
        near = withholding.propose(world, items=named)
        withholding.consented(world, near)
        with pytest.raises(Invalid):
            withholding.in_force(world, near, reaches_all=True)

    def test_nobody_puts_in_force_what_they_proposed(self, world_at: At) -> None:
        world = world_at("adopted_element")
        education = DEPARTMENTS["education"][1]
        no = withholding.propose(world, "data_admin", department=education)
        withholding.consented(world, no)
        said = act(world, "data_admin", f"/negative-entries/{no}/reviews", {"outcome": "published"})
        assert said.status_code == 403


class TestReviewed:
    def test_a_passed_day_frees_nothing_and_escalates(self, world_at: At, on_day: OnDay) -> None:
        world = world_at("adopted_element")
        code = deeds.published(world, item(STAFF, stated={"review_on": "2026-03-02"}))
        (entry,) = deeds.entries()
        on_day(date(2026, 3, 1))
        assert look_again() == 0
        on_day(date(2026, 3, 2))
        assert (look_again(), status(entry.entry_no)) == (1, "review_due")
        assert "keep_negative" in task_kinds(world, "registrar")
        on_day(date(2026, 3, 25))
        with unit_of_work() as session:
            escalate(session)
        assert any(kind.startswith("urge") or "keep" in kind for kind in task_kinds(world, "head"))
        assert deeds.struck(code)[STAFF] == [entry.entry_no]
        body = {"review_on": "2027-03-01", "remark": "条文未变"}
        said = act(world, "registrar", f"/negative-entries/{entry.entry_no}/renewals", body)
        assert (said.status_code, said.json()["status"]) == (201, "in_force")
        assert said.json()["review_on"] == "2027-03-01"

    def test_what_lapsed_stays_struck_until_classified_anew(self, world_at: At) -> None:
        world = world_at("adopted_element")
        code = deeds.published(world, item(STAFF, stated={}))
        (entry,) = deeds.entries()
        shares = deeds.shares(code)
        said = end(world, entry.entry_no)
        assert (said.status_code, said.json()["status"]) == (201, "lapsed")
        assert said.json()["status_label"] == "依据已失效·待更新"
        assert deeds.struck(code)[STAFF] == [entry.entry_no]
        assert deeds.shares(code) == shares
        with unit_of_work() as session:
            assert [each.kind for each in open_of_entry(session, code)] == ["basis_lapsed"]
        deeds.change(world, code, item(STAFF, stated={}))
        with pytest.raises(Incomplete) as refused:
            deeds.submit(world, code)
        assert [each.code for each in refused.value.errors] == ["basis_ended"]

    def test_classified_anew_it_is_free_and_nothing_is_owed(self, world_at: At) -> None:
        world = world_at("adopted_element")
        code = deeds.published(world, item(STAFF, stated={}))
        (entry,) = deeds.entries()
        end(world, entry.entry_no)
        deeds.change(world, code, item(STAFF))
        for step in (deeds.submit, deeds.consent):
            step(world, code)
        deeds.review(world, code)
        assert deeds.struck(code)[STAFF] == []
        assert status(entry.entry_no) == "lapsed"
        with unit_of_work() as session:
            assert open_of_entry(session, code) == []

    def test_the_last_day_of_the_basis_ends_it(self, world_at: At, on_day: OnDay) -> None:
        world = world_at("adopted_element")
        code = deeds.published(world, item(STAFF))
        no = acting(world, code, basis_ends_on="2026-03-02")
        on_day(date(2026, 3, 2))
        look_again()
        assert status(no) == "in_force"
        on_day(date(2026, 3, 3))
        look_again()
        assert status(no) == "lapsed"
        assert deeds.struck(code)[STAFF] == [no]

    def test_the_database_keeps_what_was_published(self, world_at: At) -> None:
        world = world_at("adopted_element")
        no = acting(world, deeds.published(world, item(STAFF)))
        for statement in (
            "UPDATE negative_entry SET in_force_at = now()",
            "INSERT INTO negative_target (id, entry_id, item_id, name, skeleton)"
            " SELECT gen_random_uuid(), id, gen_random_uuid(), 'x', 'x' FROM negative_entry",
            "INSERT INTO negative_entry SELECT (jsonb_populate_record(kept, jsonb_build_object("
            "'id', gen_random_uuid(), 'entry_no', 'NE-1', 'basis_kind', 'local_regulation'))).*"
            f" FROM negative_entry AS kept WHERE entry_no = '{no}'",
        ):
            with pytest.raises(IntegrityError):
                run_sql(statement)


class TestContested:
    def test_it_is_answered_and_decided_by_nobody_of_a_side(self, world_at: At) -> None:
        world = world_at("contested_negative")
        path = f"/negative-contests/{world.contest_no}"
        decision = {"outcome": "to_change", "decision": "条文不及于此"}
        assert act(world, "data_admin", f"{path}/decisions", decision).status_code == 409
        said = act(world, "provider_head", f"{path}/answers", {"answer": "应予维持"})
        assert (said.status_code, said.json()["status"]) == (201, "answered")
        said = act(world, "data_admin", f"{path}/decisions", decision)
        assert (said.status_code, said.json()["status"]) == (201, "to_change")
        assert "change_contested" in task_kinds(world, "registrar")
        assert status(world.negative_no) == "in_force"
        named = [{"resource": world.resource_code, "name": "经度"}]
        new = withholding.propose(world, items=named, reason="缩小", supersedes=world.negative_no)
        withholding.consented(world, new)
        withholding.in_force(world, new)
        assert client(world, "consumer_head").get(f"/api/v1{path}").json()["status"] == "changed"
        assert status(world.negative_no) == "superseded"

    def test_one_at_a_time_and_silence_goes_on(self, world_at: At, on_day: OnDay) -> None:
        world = world_at("contested_negative")
        path = f"/negative-entries/{world.negative_no}/contests"
        again = act(world, "consumer_head", path, {"reasons": "再次"})
        assert (again.status_code, again.json()["code"]) == (409, "negative_contest_stands")
        assert act(world, "provider_head", path, {"reasons": "自己"}).status_code == 403
        on_day(date(2026, 3, 20))
        look_again()
        path = f"/api/v1/negative-contests/{world.contest_no}"
        assert client(world, "data_admin").get(path).json()["status"] == "answered"

    def test_what_acts_no_more_is_not_contested(self, world_at: At) -> None:
        world = world_at("negative_in_force")
        end(world, world.negative_no)
        body = ContestCreate(reasons="x").model_dump()
        path = f"/negative-entries/{world.negative_no}/contests"
        assert act(world, "consumer_head", path, body).status_code == 409


@pytest.mark.parametrize("number", range(3))
def test_a_publication_and_an_entry_at_once_leave_nothing_uncovered(
    committed_world: At, number: int
) -> None:
    """Whoever is first: the item is struck, or its publication is refused."""
    world = committed_world("adopted_element")
    first = deeds.published(world, item(STAFF), title="甲")
    no = withholding.propose(world, items=[{"resource": first, "name": STAFF}])
    withholding.consented(world, no)
    code = deeds.draft(world, item(STAFF), title=f"乙{number}")
    for step in (deeds.submit, deeds.consent):
        step(world, code)
    barrier = Barrier(2)

    def publish() -> bool:
        barrier.wait()
        try:
            deeds.review(world, code)
        except Incomplete:
            return False
        return True

    def enter() -> bool:
        barrier.wait()
        withholding.in_force(world, no)
        return True

    with ThreadPoolExecutor(2) as both:
        told = [both.submit(copy_context().run, each) for each in (publish, enter)]
        is_published, _entered = (each.result() for each in told)
    assert deeds.struck(code)[STAFF] == ([no] if is_published else [])
    assert status(no) == "in_force"


def test_what_is_decided_about_the_own_department_is_on_the_list_of_its_superior(
    world_at: At,
) -> None:
    world = world_at("consented_negative")
    run_sql(
        "UPDATE app_user SET department_id = (SELECT department_id FROM app_user WHERE account ="
        " 'registrar') WHERE account = 'data_admin'"
    )
    path = f"/negative-entries/{world.negative_no}/reviews"
    assert act(world, "data_admin", path, {"outcome": "published"}).status_code == 201
    withholding.contested_negative(world)
    withholding.answered_contest(world)
    path = f"/negative-contests/{world.contest_no}/decisions"
    body = {"outcome": "upheld", "decision": "依据充分，予以维持。"}
    assert act(world, "data_admin", path, body).status_code == 201
    reviewer = client(world, "reviewer")
    listed = reviewer.get("/api/v1/self-reviews").json()["items"]
    assert [(each["kind"], each["number"]) for each in listed] == [
        ("contest", world.contest_no),
        ("negative_entry", world.negative_no),
    ]
    page = reviewer.get("/self-reviews", headers={"accept": "text/html"}).text
    assert f"/negative-entries/{world.negative_no}" in page
    assert f"/negative-contests/{world.contest_no}" in page
