"""What is asked about running deliveries again and again: the first check's own question."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from fixtures.exchanging import grant_now, looking, run_sql
from fixtures.worlds import World
from sqlalchemy import Engine, event
from sqlmodel import Session

from auth.accounts.service.subjects import Found
from auth.sessions.service import sessions
from auth.tokens import service as tokens
from auth.tokens.words import USUAL
from exchange.deliveries.service import recording
from exchange.deliveries.service.plans import compile_grant
from exchange.deliveries.service.recording import Ended, Left
from exchange.deliveries.service.standing import Standing, Verdicts
from exchange.deliveries.words import DeliveryStatus, EndReason
from policies import decide
from policies.decide import Decision
from shuqiao.db import unit_of_work
from shuqiao.ids import uuid7
from shuqiao.settings import settings
from shuqiao.subject import Subject

At = Callable[[str], World]
WHOSE: Final = "WHERE account = 'applicant'"
ELSEWHERE: Final = (
    f"UPDATE app_user SET department_id = (SELECT provider_id FROM share_grant) {WHOSE}"
)
TAKEN_DOWN: Final = (
    "UPDATE data_resource SET status = 'taken_down', taken_down_at = now(), taken_down_reason = '-'"
)
HOME: Final = f"SELECT department_id FROM app_user {WHOSE}"
GONE, NO_MORE = EndReason.CREDENTIAL_ENDED, EndReason.NOT_ALLOWED


def by_token(session: Session, world: World) -> tuple[Found | None, str]:
    issued = tokens.issue(
        session, world.subjects["applicant"], name="夜间取数", scopes=USUAL, days=1
    )
    return tokens.find(session, issued.secret), issued.secret


def by_session(session: Session, world: World) -> tuple[Found | None, str]:
    cookie = world.cookies["applicant"]
    return sessions.find(session, cookie), cookie


LOOKED_UP: Final = {"token": by_token, "session": by_session}


class Running:
    """A delivery of the world's applicant by token or session, asked about as the watcher asks."""

    def __init__(self, world: World, by: str) -> None:
        with unit_of_work() as session:
            found, self.secret = LOOKED_UP[by](session, world)
            assert found is not None
            compiled = compile_grant(session, grant_now(world))
            plan, self.proof = compiled.plan, compiled.proof
        self.subject: Subject = found.subject
        started = recording.start(
            self.subject, grant_now(world), plan, face="arrow", edition_no=compiled.edition_no
        )
        self.id = started.delivery_id
        self.standing = Standing()

    def verdicts(self) -> Verdicts:
        with looking() as session:
            return self.standing.ask(session, {self.id: self.proof})

    def reason(self) -> EndReason | None:
        return self.verdicts().ended.get(self.id)


@pytest.fixture
def world(world_at: At) -> World:
    return world_at("active_grant")


@pytest.fixture(params=["token", "session"])
def running(request: pytest.FixtureRequest, world: World) -> Running:
    return Running(world, request.param)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("SELECT 1", None),
        ("UPDATE share_grant SET status = 'revoked'", EndReason.REVOKED),
        ("UPDATE share_grant SET status = 'expired'", EndReason.EXPIRED),
        (f"UPDATE app_user SET roles = '{{}}' {WHOSE}", NO_MORE),
        (f"UPDATE app_user SET roles = '{{sharing_head}}' {WHOSE}", NO_MORE),
        (f"UPDATE app_user SET roles = '{{applicant,registrar}}' {WHOSE}", None),
        (ELSEWHERE, NO_MORE),
        (f"UPDATE app_user SET is_active = false {WHOSE}", GONE),
        (f"UPDATE app_user SET is_password_temporary = true {WHOSE}", GONE),
        ("UPDATE app_user SET is_active = false WHERE account = 'provider_head'", None),
        ("UPDATE share_grant SET plan_fingerprint = 'another'", EndReason.DRIFTED),
        # What ends no grant: the entry leaves the catalogue, its rows are of yesterday, the
        # department passes on what it has.
        (f"UPDATE department SET ended_on = '2026-01-01' WHERE id = ({HOME})", None),
        (TAKEN_DOWN, None),
        ("UPDATE edition SET status = 'kept', ended_at = now()", None),
        ("UPDATE edition SET damaged_at = now()", EndReason.DATA_DAMAGED),
    ],
)
def test_it_goes_on_only_while_grant_and_reader_stand(
    running: Running, change: str, reason: EndReason | None
) -> None:
    assert running.reason() is None
    run_sql(change)
    assert running.reason() is reason


@pytest.mark.parametrize(
    ("by", "change", "reason"),
    [
        ("token", "UPDATE service_token SET revoked_at = now()", GONE),
        ("token", "UPDATE service_token SET expires_at = now()", GONE),
        ("token", "UPDATE service_token SET scopes = '{catalog:resource:read}'", NO_MORE),
        ("token", "UPDATE login_session SET ended_at = now()", None),
        ("session", "UPDATE login_session SET ended_at = now()", GONE),
        ("session", "UPDATE login_session SET expires_at = now()", GONE),
        ("session", "UPDATE login_session SET seen_at = now() - interval '30 minutes'", GONE),
        ("session", "UPDATE login_session SET seen_at = now() - interval '29 minutes'", None),
        ("session", "UPDATE service_token SET revoked_at = now()", None),
    ],
)
def test_it_goes_on_only_while_its_own_credential_holds(
    world: World, by: str, change: str, reason: EndReason | None
) -> None:
    running = Running(world, by)
    run_sql(change)
    assert running.reason() is reason


@pytest.mark.parametrize(
    ("day", "reason"), [("2026-12-31", None), ("2027-01-01", EndReason.EXPIRED)]
)
def test_its_last_day_is_included_and_nothing_after_it(
    world: World, monkeypatch: pytest.MonkeyPatch, day: str, reason: EndReason | None
) -> None:
    running = Running(world, "token")
    monkeypatch.setattr(settings(), "clock", f"{day}T12:00:00+08:00")
    assert running.reason() is reason


def test_what_nobody_finds_cannot_be_checked(world: World) -> None:
    running, unknown = Running(world, "token"), uuid7()
    with looking() as session:
        ended = running.standing.ask(session, {running.id: running.proof, unknown: ""}).ended
    assert ended == {unknown: EndReason.UNCHECKED}


def test_what_the_sweeper_closed_is_lost_and_an_end_just_written_is_none(world: World) -> None:
    lost, finished = Running(world, "token"), Running(world, "token")
    run_sql("UPDATE delivery SET seen_at = now() - interval '1 minute' WHERE id = :id", id=lost.id)
    assert recording.close_lost() == 1
    end = recording.EndRecorder(finished.subject, finished.id)
    end(Ended(DeliveryStatus.FINISHED, None, Left(1, 1, 1), {"root": "ab" * 32}))
    assert (lost.reason(), finished.reason()) == (EndReason.LOST, None)


def test_a_session_whose_use_was_not_noted_for_a_while_is_named(world: World) -> None:
    by_session, by_token = Running(world, "session"), Running(world, "token")
    run_sql("UPDATE login_session SET seen_at = now()")
    assert by_session.verdicts().unnoted == []
    run_sql("UPDATE login_session SET seen_at = now() - interval '2 minutes'")
    unnoted = [who.credential_id for who in by_session.verdicts().unnoted]
    assert unnoted == [by_session.subject.credential_id]
    assert by_token.verdicts().unnoted == []


def test_the_rules_decide_again_only_when_a_fact_has_changed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    running = Running(world, "token")
    decide_by = decide.decide_by

    def noted(*given: Any) -> Decision:
        asked.append(given[1])
        return decide_by(*given)

    monkeypatch.setattr(decide, "decide_by", noted)
    for _look in range(3):
        assert running.reason() is None
    assert len(asked) == 1
    run_sql(f"UPDATE app_user SET roles = '{{applicant,registrar}}' {WHOSE}")
    assert [running.reason(), running.reason()] == [None, None]
    assert len(asked) == 2
    run_sql(f"UPDATE app_user SET roles = '{{}}' {WHOSE}")
    assert [running.reason(), running.reason()] == [NO_MORE, NO_MORE]


def test_many_are_asked_about_in_one_statement(world: World) -> None:
    running = [Running(world, by) for by in ("token", "session") * 3]
    proofs = {each.id: each.proof for each in running}
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    with looking() as session:
        session.connection()
        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert Standing().ask(session, proofs).ended == {}
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    assert [statement.split()[0] for statement in sent] == ["SELECT"]
