"""A queue whose rows are really committed, because workers have connections of their own."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from fixtures.database import Cluster
from fixtures.warm_roles import WarmScript
from sqlalchemy import Engine, text

from shuqiao import db

T = TypeVar("T")
WORKER = Path(__file__).with_name("worker_process.py")


@pytest.fixture
def queue(app_engine: Engine) -> Iterator[Engine]:
    """An empty queue; sessions of the process commit. Emptied again afterwards."""
    db.configure(app_engine)
    _empty(app_engine)
    yield app_engine
    _empty(app_engine)


@pytest.fixture
def url(cluster: Cluster) -> str:
    return cluster.app_url.render_as_string(hide_password=False)


@pytest.fixture
def start_worker(queue: Engine, url: str) -> Iterator[Callable[[], WarmScript]]:
    """Starts real worker processes with quick settings; kills those that are left."""
    started: list[WarmScript] = []

    def start() -> WarmScript:
        quick = {"SHUQIAO_JOB_ATTEMPTS": "3", "SHUQIAO_SWEEP_SECONDS": "0.3"}
        environment = {**os.environ, **quick, "SHUQIAO_DATABASE_URL": url}
        started.append(WarmScript(WORKER, environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def until(wanted: Callable[[], T], *, seconds: float = 30.0) -> T:
    """The first true answer, or an assertion error at the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        answer = wanted()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in ("jobs.procrastinate_jobs", "job_error", "sweep"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("DELETE FROM jobs.procrastinate_workers"))
