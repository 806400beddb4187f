"""What is over is removed a little at a time, however much there is, and one part that fails leaves
the others alone.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from fixtures.database import clock_was_read, run_sql
from fixtures.worlds import World
from sqlalchemy import text

from server.upkeep import PARTS
from shuqiao import idempotency, upkeep
from shuqiao.db import reading
from shuqiao.upkeep import Part, UpkeepFailed, keep_up, rows

At = Callable[[str], World]
#: A statement may take five seconds: what is there to be removed is written in pieces.
_KEYS = """
INSERT INTO idempotency_key (owner, key, fingerprint, created_at)
SELECT 'x', :piece || ':' || n, '\\x00', now() - interval '40 days'
FROM generate_series(1, :count) AS n
"""
KEYS = Part("answers", lambda: timedelta(hours=24), rows(idempotency.forget_old), by_database=True)


def keys() -> int:
    with reading() as session:
        found = session.connection().execute(text("SELECT count(*) FROM idempotency_key"))
        return int(found.scalar_one())


def write(count: int, piece: int = 0) -> None:
    run_sql(_KEYS, count=count, piece=str(piece))


@pytest.fixture
def world(committed_world: At) -> World:
    made = committed_world("accounts")
    run_sql("DELETE FROM idempotency_key")
    clock_was_read("7 hours")
    return made


def test_what_a_beat_does_not_reach_goes_at_the_next(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "BATCH", 10)
    monkeypatch.setattr(upkeep, "TURN_SECONDS", 0.0)
    write(25)
    assert [(keep_up([KEYS]), keys()) for _ in range(3)] == [(True, 15), (True, 5), (False, 0)]


def test_nothing_goes_before_it_is_sure(world: World) -> None:
    write(3)
    run_sql("DELETE FROM clock_reading")
    assert keep_up([KEYS]) is False
    assert keys() == 3


def test_a_part_that_fails_is_named_and_the_others_have_their_turn(world: World) -> None:
    def broken(_before: datetime, _limit: int) -> int:
        raise OSError("no such disk")

    write(3)
    with pytest.raises(UpkeepFailed, match="broken: no such disk"):
        keep_up([Part("broken", timedelta, broken), KEYS])
    assert keys() == 0


def test_every_part_says_its_age_and_leaves_what_is_young(world: World) -> None:
    """Run over an installation at work, nothing of today goes."""
    names = [each.name for each in PARTS]
    assert len(names) == len(set(names))
    assert all(timedelta(0) <= each.age() <= timedelta(days=180) for each in PARTS)
    assert keep_up(PARTS) is False


@pytest.mark.slow
def test_a_missed_month_goes_within_the_time_of_a_statement(world: World) -> None:
    """200,000 rows, over several beats, none of whose statements is cut off."""
    for piece in range(20):
        write(10_000, piece)
    beats = 1
    while keep_up([KEYS]):
        beats += 1
    assert keys() == 0
    assert 1 < beats <= 200
