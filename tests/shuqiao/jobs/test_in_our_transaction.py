"""Statements on the queue's own tables: for the version they were written for, and what they do."""

import asyncio
import re
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import procrastinate
import pytest
from sqlalchemy import Connection, Engine, text

from shuqiao.db import moment_of, unit_of_work
from shuqiao.jobs import enqueue, job, requeue, sweep
from shuqiao.jobs.in_our_transaction import WRITTEN_FOR
from shuqiao.jobs.reading import JobState
from shuqiao.jobs.sweeper import forget_old
from shuqiao.settings import settings


def test_they_are_used_with_the_version_they_were_written_for(checkout: Path) -> None:
    assert version("procrastinate").startswith(f"{WRITTEN_FOR}.")
    declared = re.search(r'"procrastinate([^"]*)"', (checkout / "pyproject.toml").read_text())
    major, minor = WRITTEN_FOR.split(".")
    assert declared is not None and declared[1] == f">={WRITTEN_FOR},<{major}.{int(minor) + 1}"


def test_nothing_else_names_a_table_or_a_function_of_the_queue(checkout: Path) -> None:
    named = {
        path.name
        for folder in ("server", "exchange", "catalog", "auth", "audit", "shuqiao")
        for path in (checkout / folder).rglob("*.py")
        if re.search(r"jobs\.procrastinate|procrastinate_\w+_v\d", path.read_text("utf-8"))
    }
    assert named == {"in_our_transaction.py"}


def _running(connection: Connection, *, heard_seconds_ago: int | None) -> int:
    """A job that a worker runs that was last heard of then; None: a worker that is gone."""
    worker = connection.execute(text("SELECT procrastinate_register_worker_v1()")).scalar_one()
    row = text("SELECT id FROM procrastinate_fetch_job_v2(NULL, :worker)")
    number: int = connection.execute(row, {"worker": worker}).scalar_one()
    heard = "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - :s * interval '1 s'"
    if heard_seconds_ago is None:
        connection.execute(text("SELECT procrastinate_unregister_worker_v1(:id)"), {"id": worker})
    else:
        connection.execute(text(f"{heard} WHERE id = :id"), {"s": heard_seconds_ago, "id": worker})
    return number


@pytest.fixture
def four(queue: Engine) -> list[int]:
    """Jobs of a worker that lives, of one not heard of, of one that is gone, and of nobody yet."""
    with unit_of_work() as session:
        for _ in range(4):
            enqueue(session, "test.work")
        connection = session.connection()
        begun = [_running(connection, heard_seconds_ago=each) for each in (1, 60, None)]
        (waiting,) = connection.execute(
            text("SELECT id FROM jobs.procrastinate_jobs WHERE status = 'todo'")
        ).scalars()
        return [*begun, waiting]


def test_orphans_are_those_that_the_library_calls_stalled(four: list[int], url: str) -> None:
    connector = procrastinate.PsycopgConnector(
        conninfo=url.replace("+psycopg", ""), kwargs={"options": "-c search_path=public,jobs"}
    )

    async def stalled() -> list[int | None]:
        async with procrastinate.App(connector=connector).open_async() as app:
            found = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=10)
            return sorted(each.id for each in found)  # type: ignore[type-var]

    assert asyncio.run(stalled()) == four[1:3]
    with unit_of_work() as session:
        assert sweep(session, stalled_after_seconds=10).requeued == tuple(four[1:3])


def test_a_sweep_that_is_undone_leaves_the_jobs_and_no_reason(four: list[int]) -> None:
    with unit_of_work() as session:
        assert len(sweep(session, stalled_after_seconds=10).requeued) == 2
        session.rollback()
    with unit_of_work() as session:
        found = job(session, four[1])
        assert (found.state, found.attempts, found.errors) == (JobState.RUNNING, 0, ())


def test_a_job_that_one_sweeper_holds_is_passed_over_by_another(four: list[int]) -> None:
    with unit_of_work() as first, unit_of_work() as second:
        assert len(sweep(first, stalled_after_seconds=10).requeued) == 2
        assert sweep(second, stalled_after_seconds=10).requeued == ()


def test_the_last_try_of_an_orphan_parks_it_and_trying_again_counts_none(
    four: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "job_attempts", 1)
    with unit_of_work() as session:
        assert sweep(session, stalled_after_seconds=10).parked == tuple(four[1:3])
        parked = job(session, four[1])
        assert (parked.state, parked.attempts) == (JobState.FAILED, 1)
        assert [each.error for each in parked.errors] == ["WorkerDied"]
        requeue(session, four[1])
        again = job(session, four[1])
        assert (again.state, again.attempts) == (JobState.QUEUED, 1)


def test_what_succeeded_long_ago_is_forgotten_with_its_failures(four: list[int]) -> None:
    old, young = four[:2]
    with unit_of_work() as session:
        connection = session.connection()
        for number in (old, young):
            connection.execute(
                text("SELECT procrastinate_finish_job_v1(:id, 'succeeded', false)"), {"id": number}
            )
        connection.execute(
            text("UPDATE jobs.procrastinate_events SET at = at - interval '31 days'")
        )
        connection.execute(
            text("UPDATE jobs.procrastinate_events SET at = now() WHERE job_id = :id"),
            {"id": young},
        )
        connection.execute(
            text(
                "INSERT INTO job_error (id, job_id, attempt, error, reason, created_at)"
                " VALUES (uuidv7(), :id, 1, 'x', 'x', now())"
            ),
            {"id": old},
        )
    with unit_of_work() as session:
        before = moment_of(session) - timedelta(days=30)
        assert forget_old(session, before - timedelta(days=2), 10) == 0
        assert forget_old(session, before, 10) == 1
        left = session.connection().execute(text("SELECT id FROM jobs.procrastinate_jobs"))
        assert sorted(left.scalars()) == sorted(four[1:])
        assert session.connection().execute(text("SELECT count(*) FROM job_error")).scalar() == 0
