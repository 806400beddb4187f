"""One effect a key: repeated, raced, re-used, expired."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from fixtures.worlds import World
from sqlmodel import Session, func, select

from shuqiao.clock import now
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import BadRequest
from shuqiao.idempotency import (
    KeyReused,
    Replay,
    StillRunning,
    claim,
    fingerprint,
    forget_old,
    remember,
)
from shuqiao.models import IdempotencyKey

At = Callable[[str], World]
PRINT = fingerprint("POST", "/api/v1/things", b"{}")


def take(
    session: Session, key: str | None = "key-00000001", owner: str = "li", print_: bytes = PRINT
) -> None:
    taken = claim(session, owner=owner, key=key, print_=print_)
    remember(session, taken, status=201, answer={"made": "一"})


def test_a_repeat_gets_the_first_answer(session: Session) -> None:
    take(session)
    with pytest.raises(Replay) as replayed:
        take(session)
    assert (replayed.value.status, replayed.value.answer) == (201, {"made": "一"})


def test_another_request_under_the_same_key_is_refused(session: Session) -> None:
    take(session)
    for other in (
        ("PUT", "/api/v1/things", b"{}"),
        ("POST", "/api/v1/others", b"{}"),
        ("POST", "/api/v1/things", b"[]"),
    ):
        with pytest.raises(KeyReused):
            take(session, print_=fingerprint(*other))


def test_keys_of_two_people_are_two_keys(session: Session) -> None:
    take(session)
    take(session, owner="wang")


def test_method_path_and_body_cannot_run_into_each_other() -> None:
    assert fingerprint("POST", "/a", b"b") != fingerprint("POST", "/ab", b"")
    assert fingerprint("POST", "/a", b"") != fingerprint("POS", "T/a", b"")


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "short",
        "x" * 256,
        "with blank 1",
        "中文钥匙中文钥匙",
        "newline1\n",
        "nul\x00\x00\x00\x00\x00",
    ],
)
def test_a_key_must_be_there_and_be_one(session: Session, key: str | None) -> None:
    with pytest.raises(BadRequest):
        take(session, key)


def test_the_key_goes_with_the_effect(committed_world: At) -> None:
    committed_world("accounts")
    # As a service fails.
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:  # noqa: PT012
        take(session)
        raise ZeroDivisionError
    with unit_of_work() as session:
        take(session)  # not a replay: nothing had happened


def test_of_racing_requests_one_has_the_effect(committed_world: At) -> None:
    committed_world("accounts")
    start, effects, replays = threading.Barrier(6), [], []

    def request(turn: int) -> None:
        start.wait(timeout=30)
        try:
            with unit_of_work() as session:
                take(session)
                effects.append(turn)
        except Replay as replay:
            replays.append(replay.answer)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(request, range(6)))
    assert (len(effects), replays) == (1, [{"made": "一"}] * 5)


def test_while_the_first_one_runs_the_second_is_told_so(committed_world: At) -> None:
    """The second waits for the lock time-out (1 s), never longer."""
    committed_world("accounts")
    with unit_of_work() as first:
        take(first)
        with pytest.raises(StillRunning), unit_of_work() as second:
            take(second)
    with pytest.raises(Replay), unit_of_work() as third:
        take(third)


def test_old_keys_are_forgotten(session: Session) -> None:
    take(session)
    assert forget_old(session, now() - timedelta(hours=24), 10) == 0
    assert forget_old(session, now() + timedelta(seconds=1), 10) == 1
    take(session)


def test_nothing_is_kept_of_a_refused_key(committed_world: At) -> None:
    committed_world("accounts")
    with pytest.raises(BadRequest), unit_of_work() as session:
        take(session, "short")
    with reading() as session:
        assert session.exec(select(func.count()).select_from(IdempotencyKey)).one() == 0
