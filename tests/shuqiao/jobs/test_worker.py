import asyncio
import signal
from collections.abc import Callable, Iterator

import pytest
from fixtures.warm_roles import WarmScript
from sqlalchemy import Engine, text

from shuqiao.db import reading, unit_of_work
from shuqiao.errors import Invalid
from shuqiao.jobs import JobState, JobView, enqueue, job, jobs, list_jobs, requeue, run_worker
from shuqiao.settings import settings
from tests.shuqiao.jobs.conftest import until

Starter = Callable[[], WarmScript]
ran: list[str] = []


@jobs.task(name="test.note")
def note(word: str) -> None:
    ran.append(word)


@jobs.task(name="test.note_and_ask")
def note_and_ask(word: str) -> None:
    with unit_of_work() as session:
        enqueue(session, "test.note", word=f"after {word}")
    ran.append(word)


@jobs.task(name="test.break")
def break_down() -> None:
    raise RuntimeError("cannot reach postgresql://someone:hunter2@db/x with token=abcdef")


@jobs.task(name="test.quote")
def quote() -> None:
    with unit_of_work() as session:
        session.connection().execute(
            text("SELECT CAST(:value AS json)"), {"value": "张三丰·甲乙丙 11010519491231002X"}
        )


@jobs.task(name="test.refuse")
def refuse() -> None:
    raise Invalid


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SHUQIAO_JOB_ATTEMPTS", "3")
    monkeypatch.setenv("SHUQIAO_SWEEP_SECONDS", "0.3")
    settings.cache_clear()
    ran.clear()
    return


def add(task: str, **more: object) -> int:
    with unit_of_work() as session:
        number = enqueue(session, task, **more)  # type: ignore[arg-type]
    assert number is not None
    return number


def look(number: int) -> JobView:
    with reading() as session:
        return job(session, number)


def has(number: int, state: JobState) -> Callable[[], bool]:
    return lambda: look(number).state is state


def work_until(url: str, wanted: Callable[[], bool]) -> None:
    """Run a worker in this process until ``wanted``."""

    async def both() -> None:
        stop = asyncio.Event()
        worker = asyncio.create_task(
            run_worker(url, stop=stop, concurrency=2, stalled_after_seconds=2.0)
        )
        waiting = asyncio.create_task(asyncio.to_thread(until, wanted))
        await asyncio.wait({worker, waiting}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await worker
        await waiting

    asyncio.run(both())


def test_a_job_runs_and_may_ask_for_another(queue: Engine, url: str) -> None:
    first = add("test.note_and_ask", word="a")
    work_until(url, lambda: "after a" in ran)
    assert ran == ["a", "after a"]
    view = look(first)
    assert (view.state, view.attempts, view.errors) == (JobState.SUCCEEDED, 1, ())
    assert view.created_at and view.started_at and view.finished_at


def test_a_poisoned_job_is_parked_with_its_reasons_and_the_others_run(
    queue: Engine, url: str
) -> None:
    poison, good = add("test.break"), add("test.note", word="b")
    work_until(url, has(poison, JobState.FAILED))
    assert look(good).state is JobState.SUCCEEDED
    parked = look(poison)
    assert parked.attempts == 3
    assert [error.attempt for error in parked.errors] == [3, 2, 1]
    assert "hunter2" not in parked.errors[0].reason and "abcdef" not in parked.errors[0].reason
    assert parked.errors[0].error == "RuntimeError"


def test_what_the_database_refuses_is_written_down_without_its_values(
    queue: Engine, url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    number = add("test.quote")
    work_until(url, has(number, JobState.FAILED))
    shown = capfd.readouterr()
    reasons = [error.reason for error in look(number).errors]
    assert all(reason.startswith("22P02: invalid input syntax") for reason in reasons)
    written = shown.out + shown.err + repr(reasons)
    assert "22P02" in shown.out + shown.err, "it is written down, so the test can fail"
    assert "甲乙丙" not in written and "张三丰" not in written and "110105" not in written


def test_a_business_refusal_is_not_tried_again(queue: Engine, url: str) -> None:
    number = add("test.refuse")
    work_until(url, has(number, JobState.FAILED))
    assert look(number).attempts == 1
    assert look(number).errors[0].reason.startswith("invalid:")


def test_a_parked_job_gets_one_more_try(queue: Engine, url: str) -> None:
    number = add("test.refuse")
    work_until(url, has(number, JobState.FAILED))
    with unit_of_work() as session:
        requeue(session, number)
    assert look(number).state is JobState.QUEUED
    work_until(url, lambda: look(number).attempts == 2)
    assert look(number).state is JobState.FAILED


def test_jobs_of_one_lock_never_overlap(queue: Engine, start_worker: Starter) -> None:
    with queue.connect() as holder:
        holder.execute(text("SELECT pg_advisory_lock(4711)"))
        first, second = (add("test.wait_for_lock", lock="case", key=4711) for _ in range(2))
        start_worker()
        until(has(first, JobState.RUNNING))
        other = add("test.take", seconds=0)
        until(has(other, JobState.SUCCEEDED))
        assert look(second).state is JobState.QUEUED
        holder.execute(text("SELECT pg_advisory_unlock(4711)"))
    until(has(second, JobState.SUCCEEDED))


def test_the_job_of_a_killed_worker_is_done_by_the_next(
    queue: Engine, start_worker: Starter
) -> None:
    with queue.connect() as holder:
        holder.execute(text("SELECT pg_advisory_lock(4712)"))
        number = add("test.wait_for_lock", key=4712)
        first = start_worker()
        until(has(number, JobState.RUNNING))
        first.kill()
        first.wait()
        start_worker()
        until(lambda: look(number).errors)
        holder.execute(text("SELECT pg_advisory_unlock(4712)"))
    until(has(number, JobState.SUCCEEDED))
    view = look(number)
    assert view.attempts == 2 and [error.error for error in view.errors] == ["WorkerDied"]


def test_a_job_that_kills_its_workers_is_parked(queue: Engine, start_worker: Starter) -> None:
    number = add("test.kill_worker")
    for _ in range(3):
        process = start_worker()
        until(
            lambda process=process: (
                process.poll() is not None or look(number).state is JobState.FAILED
            )
        )
    survivor = start_worker()
    until(has(number, JobState.FAILED))
    assert look(number).attempts == 3
    good = add("test.take", seconds=0)
    until(has(good, JobState.SUCCEEDED))
    assert survivor.poll() is None


def test_a_told_worker_finishes_its_job_and_leaves(queue: Engine, start_worker: Starter) -> None:
    number = add("test.take", seconds=1.0)
    process = start_worker()
    until(has(number, JobState.RUNNING))
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert look(number).state is JobState.SUCCEEDED
    with reading() as session:
        assert (
            session.connection()
            .execute(text("SELECT count(*) FROM jobs.procrastinate_workers"))
            .scalar_one()
            == 0
        )


def test_a_worker_survives_the_loss_of_its_connections(
    queue: Engine, start_worker: Starter
) -> None:
    process = start_worker()
    before = add("test.take", seconds=0)
    until(has(before, JobState.SUCCEEDED))
    running = add("test.take", seconds=1.0)
    until(has(running, JobState.RUNNING))
    with queue.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
                "'shuqiao-worker'"
            )
        )
    after = add("test.take", seconds=0)
    until(lambda: has(running, JobState.SUCCEEDED)() and has(after, JobState.SUCCEEDED)())
    assert process.poll() is None


def test_an_unknown_task_fails_and_is_listed(queue: Engine, url: str) -> None:
    number = add("test.from_another_release")
    work_until(url, has(number, JobState.FAILED))
    with reading() as session:
        assert [view.id for view in list_jobs(session, state=JobState.FAILED)] == [number]
