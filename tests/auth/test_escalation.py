"""What is overdue is passed on, once to each seat: the case stays where it is."""

from collections.abc import Callable

import pytest
from fixtures.exchanging import last_fact, request_now, task_kinds, trail
from fixtures.worlds import World
from sqlmodel import Session

from auth.escalation import escalate
from exchange.requests.words import RequestStatus
from shuqiao.db import engine, reading, unit_of_work
from shuqiao.desk import todos
from shuqiao.settings import settings

At = Callable[[str], World]
URGED = ["overdue_submitted_approver"]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let it be that day."""

    def be(day: str) -> None:
        monkeypatch.setenv("SHUQIAO_CLOCK", f"{day}T09:00:00+08:00")
        settings.cache_clear()

    return be


def swept() -> int:
    with unit_of_work() as session:
        return escalate(session)


def test_silence_goes_to_the_head_and_then_to_the_administration(
    world_at: At, on: Callable[[str], None]
) -> None:
    """The reply is due on 3 March, a Tuesday."""
    world = world_at("submitted_request")
    events = trail(world.request_no)
    for quiet in ("2026-02-11", "2026-03-03"):
        on(quiet)
        assert swept() == 0
    on("2026-03-04")
    assert (swept(), swept()) == (1, 0)
    assert task_kinds(world, "head") == URGED
    assert task_kinds(world, "data_admin") == []
    why = last_fact(world.request_no)["why"]
    assert (why["to"], why["due_on"], why["tasks"]) == (
        "department_head",
        "2026-03-03",
        ["submitted_approver"],
    )
    on("2026-03-05")
    assert swept() == 0
    on("2026-03-06")
    assert (swept(), swept()) == (1, 0)
    assert task_kinds(world, "data_admin") == URGED
    assert trail(world.request_no) == [*events, "clock:escalated", "clock:escalated"]
    assert request_now(world).status is RequestStatus.SUBMITTED, "silence approves nothing"
    assert "submitted_approver" in task_kinds(world, "approver")


def test_what_the_platform_sets_stays_inside_the_department(
    world_at: At, on: Callable[[str], None]
) -> None:
    world = world_at("asked_request")
    on("2026-06-30")
    assert (swept(), swept()) == (1, 0)
    with reading() as session:
        asked = [
            (todo.kind, todo.role, todo.department_id)
            for todo in todos.open_of(session, case_no=world.request_no)
        ]
    assert asked[1:] == [
        (
            "overdue_own_consent_sharing_head",
            "department_head",
            world.subjects["consumer_head"].department_id,
        )
    ]


def test_two_sweepers_at_once_tell_nobody_twice(
    committed_world: At, on: Callable[[str], None]
) -> None:
    world = committed_world("submitted_request")
    on("2026-03-04")
    with Session(engine()) as first, Session(engine()) as second:
        assert escalate(first) == 1
        assert escalate(second) == 0, "the other one holds it"
        first.commit()
        second.commit()
    assert swept() == 0
    assert trail(world.request_no)[-2:].count("clock:escalated") == 1


def test_where_the_calendar_ends_nothing_is_overdue_yet(
    world_at: At, on: Callable[[str], None]
) -> None:
    world_at("submitted_request")
    on("2031-01-06")
    assert swept() == 0
