"""Refusals: a stranger's are no case's, and however many there are, few are written."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fixtures import callers
from fixtures.worlds import World
from sqlmodel import col, select

from audit.models import AuditEvent
from auth.denials import service as denials
from shuqiao.context import working_on
from shuqiao.db import reading, unit_of_work
from tests.auth.conftest import change, scalar

At = Callable[[str], World]
STREAM = "denials:stranger"


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("proposed_seat")


def written(stream: str) -> list[dict[str, Any]]:
    """What stands in a stream: tag, object and facts of each event."""
    with reading() as session:
        query = select(AuditEvent).where(AuditEvent.stream == stream).order_by(col(AuditEvent.seq))
        found = [json.loads(each.canon) for each in session.exec(query)]
    return [{"act": each["act"], "obj": each["obj"], "why": each["why"]} for each in found]


def ask(world: World, no: str, times: int = 1) -> None:
    client = callers.client(world, "stranger")
    for _time in range(times):
        assert client.get(f"/api/v1/seat-changes/{no}").status_code == 404


def test_what_is_hidden_and_what_is_not_there_are_written_side_by_side(world: World) -> None:
    case = len(written(world.seat_no))
    ask(world, world.seat_no)
    ask(world, "geheim-getipptes-passwort")
    hidden, absent = written(STREAM)
    assert hidden["act"] == absent["act"] == "auth:action:denied"
    assert (hidden["obj"]["type"], hidden["obj"]["id"]) == ("SeatChange", world.seat_no)
    assert absent["obj"] == {"type": "Nothing", "id": "GET /api/v1/seat-changes/{no}"}
    assert absent["why"]["action"] == hidden["why"]["action"] == "auth:seat:read"
    assert len(written(world.seat_no)) == case, "the case itself hears nothing of it"
    whole = scalar("SELECT string_agg(convert_from(canon, 'UTF8'), '') FROM audit_event")
    assert "geheim" not in whole, "what was typed is kept nowhere"


def test_without_an_end_they_are_counted(world: World) -> None:
    """1,340 in a span: 20 one by one, then at the powers of two, and one with their number."""
    ask(world, world.seat_no, times=20)
    ask(world, "SE-2026-999999", times=20)
    who = world.subjects["stranger"]
    address = scalar("SELECT address FROM denial_tally")
    with working_on(client_ip=address), unit_of_work() as session:
        for _time in range(1_300):
            denials.tries(session, who, is_strange=True)
    assert [each["why"].get("tries") for each in written(STREAM)] == [None] * 20 + [32]
    a_span_later()
    with unit_of_work() as session:
        assert denials.sweep(session) == 1
    counted = written(STREAM)[-1]
    assert counted["act"] == "auth:action:counted"
    facts = ("account", "tries", "unknown_to_them", "written")
    assert [counted["why"][name] for name in facts] == ["stranger", 1_340, True, 26]
    assert counted["why"]["address"] == address != ""
    assert counted["why"]["first_at"] < counted["why"]["last_at"]
    assert len(written(STREAM)) == 22
    assert scalar("SELECT count(*) FROM denial_tally") == 0


def test_the_next_span_tells_of_the_one_before(world: World) -> None:
    ask(world, world.seat_no, times=21)
    a_span_later()
    ask(world, world.seat_no)
    *_one_by_one, counted, next_one = written(STREAM)
    assert (counted["act"], counted["why"]["tries"]) == ("auth:action:counted", 21)
    assert next_one["act"] == "auth:action:denied"


def test_few_leave_no_number_of_their_own(world: World) -> None:
    ask(world, world.seat_no, times=2)
    a_span_later()
    with unit_of_work() as session:
        denials.sweep(session)
    assert [each["act"] for each in written(STREAM)] == ["auth:action:denied"] * 2


def test_a_span_that_runs_is_not_closed(world: World) -> None:
    ask(world, world.seat_no, times=2)
    with unit_of_work() as session:
        assert denials.sweep(session) == 0


def test_who_may_see_and_not_do_is_counted_too_and_answered_without_a_receipt(
    world: World,
) -> None:
    """In the case they are a part of, up to the bound."""
    client = callers.client(world, "system_admin")
    path, before = (
        f"/api/v1/seat-changes/{world.seat_no}/confirmations",
        len(written(world.seat_no)),
    )
    answers = [client.post(path, headers=callers.once()) for _time in range(22)]
    assert {each.status_code for each in answers} == {403}
    assert len(written(world.seat_no)) - before == 20
    assert "shuqiao-event-id" in answers[0].headers
    assert "shuqiao-event-id" not in answers[-1].headers


def test_addresses_and_accounts_are_counted_apart(world: World) -> None:
    with unit_of_work() as session:
        for account in ("stranger", "applicant"):
            assert denials.tries(session, world.subjects[account], is_strange=True) == 1
        assert denials.tries(session, world.subjects["stranger"], is_strange=False) == 1


def a_span_later() -> None:
    change(
        "UPDATE denial_tally SET since = since - make_interval(secs => :span)",
        span=denials.SPAN_SECONDS,
    )
