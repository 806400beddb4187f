"""What recurs by itself: once, by one worker, without a job; what fails is told."""

import threading
from collections.abc import Callable, Iterator

import pytest
from fixtures.database import run_sql
from sqlalchemy import Engine, text

from shuqiao import drift, installation
from shuqiao.db import reading
from shuqiao.errors import Unavailable
from shuqiao.jobs import Rest, every, failing, last_ended, list_jobs
from shuqiao.jobs.sweeping import Sweeper
from shuqiao.jobs.sweeps import SWEEPS, know_all, run
from tests.shuqiao.jobs.conftest import until

HOURLY, OFTEN = "test.hourly", "test.often"
BEAT = 0.05


@pytest.fixture(autouse=True)
def _own_sweeps(queue: Engine) -> Iterator[None]:
    kept = dict(SWEEPS)
    SWEEPS.clear()
    yield
    SWEEPS.clear()
    SWEEPS.update(kept)


@pytest.fixture
def lead() -> Iterator[Callable[[], Sweeper]]:
    """Starts a worker's part in sweeping; stops those that are left."""
    started: list[Sweeper] = []

    def start() -> Sweeper:
        started.append(Sweeper(BEAT))
        started[-1].start()
        return started[-1]

    yield start
    for each in started:
        each.stop(10)


def scalar(query: str) -> int:
    with reading() as session:
        return int(session.connection().execute(text(query)).scalar_one() or 0)


@pytest.mark.parametrize(("seconds", "name"), [(0, "test.a"), (5, "noname"), (5, "Test.a'")])
def test_a_nameless_or_endless_recurrence_is_refused(seconds: int, name: str) -> None:
    with pytest.raises(ValueError, match="sweep"):
        every(seconds, name)


def test_of_two_one_leads_and_the_other_takes_over_and_no_job_is_written(
    lead: Callable[[], Sweeper],
) -> None:
    ran: list[str] = []
    every(3_600, HOURLY)(lambda: ran.append(threading.current_thread().name))
    first, _second = lead(), lead()
    until(lambda: scalar("SELECT count(*) FROM sweep WHERE ended_at IS NOT NULL") == 1)
    run_sql("UPDATE sweep SET next_at = now()")
    until(lambda: len(ran) == 2)
    first.stop(10)
    run_sql("UPDATE sweep SET next_at = now()")
    until(lambda: len(ran) == 3)
    assert scalar("SELECT count(*) FROM sweep WHERE next_at > now() + interval '59 minutes'") <= 1
    with reading() as session:
        assert list_jobs(session) == []


def test_one_that_fails_is_told_with_its_reason_tried_again_and_forgiven(
    lead: Callable[[], Sweeper],
) -> None:
    is_broken = True

    @every(3_600, HOURLY)
    def hourly() -> None:
        if is_broken:
            raise OSError("password=hunter2 of the disk")

    lead()

    def found() -> int:
        return scalar("SELECT max(tries) FROM sweep")

    until(lambda: found() >= 1)
    run_sql("UPDATE sweep SET next_at = now()")
    until(lambda: found() >= 2)
    with reading() as session:
        (told,) = failing(session)
        assert last_ended(session, HOURLY) is None
    assert (told.name, told.error, told.tries) == (HOURLY, "OSError", told.tries)
    assert "hunter2" not in told.reason
    assert (told.next_at - told.since).total_seconds() < 300, "soon, not in an hour"
    is_broken = False
    run_sql("UPDATE sweep SET next_at = now()")
    until(lambda: found() == 0)
    with reading() as session:
        assert failing(session) == []
        assert last_ended(session, HOURLY) is not None


def test_what_runs_often_is_not_noted_each_time_and_waits_for_no_long_one(
    lead: Callable[[], Sweeper],
) -> None:
    ran, go_on = [], threading.Event()
    every(3_600, HOURLY)(lambda: go_on.wait(30))
    every(1, OFTEN)(lambda: ran.append(1))
    lead()
    until(lambda: len(ran) >= 3)
    noted = "SELECT count(*) FROM sweep WHERE task = 'test.often' AND ended_at < now() - {}"
    assert scalar(noted.format("interval '1 second'")) == 1, "of three runs the first"
    assert scalar("SELECT count(*) FROM sweep WHERE task = 'test.hourly' AND ended_at IS NULL") == 1
    go_on.set()


def test_what_is_not_done_goes_on_at_the_next_beat(lead: Callable[[], Sweeper]) -> None:
    left = [3]

    @every(3_600, HOURLY)
    def hourly() -> Rest | None:
        left[0] -= 1
        return Rest.LEFT if left[0] else None

    lead()
    until(lambda: left[0] == 0)
    until(lambda: scalar("SELECT count(*) FROM sweep WHERE next_at > now() + interval '1 minute'"))


@pytest.mark.parametrize(
    "wrong", [drift.ClocksApart, installation.HomeForeign, installation.NotLooked]
)
def test_who_may_do_nothing_lets_the_other_lead(
    lead: Callable[[], Sweeper], monkeypatch: pytest.MonkeyPatch, wrong: type[Unavailable]
) -> None:
    """Above all it removes nothing: in another installation's home no row names anything."""
    ran: list[bool] = []
    every(3_600, HOURLY)(lambda: ran.append(True))
    lead()
    until(lambda: scalar("SELECT count(*) FROM sweep WHERE ended_at IS NOT NULL"))
    monkeypatch.setattr(installation, "refusal", wrong)
    leads = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :id"
    number = 7352641998 % 2**32

    def held() -> int:
        with reading() as session:
            return int(session.connection().execute(text(leads), {"id": number}).scalar_one())

    until(lambda: held() == 0)
    run_sql("UPDATE sweep SET next_at = now()")
    assert len(ran) == 1
    monkeypatch.undo()
    until(lambda: len(ran) == 2)


def test_what_a_dying_worker_had_begun_is_due_again_in_a_minute(queue: Engine) -> None:
    """Not at once: what kills its worker would keep all of them dying."""

    @every(3_600, HOURLY)
    def hourly() -> None:
        raise SystemExit

    with queue.begin() as connection:
        know_all(connection)
    with pytest.raises(SystemExit):
        run(SWEEPS[HOURLY])
    assert scalar("SELECT extract(epoch FROM next_at - began_at)::int FROM sweep") == 60
