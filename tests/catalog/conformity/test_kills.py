"""A worker that is killed in the midst of a check: another takes it up, there is one report, and
how far it was does not stand still.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixtures import conforming
from fixtures.callers import client
from fixtures.conforming import element, registered
from fixtures.worlds import World
from sqlalchemy import text

from catalog.editions import repository as editions
from shuqiao.db import reading, unit_of_work

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
At = Callable[[str], World]
WORKER = Path(__file__).with_name("worker_process.py")
ROWS = 5_000


def worker(world: World, **changed: str) -> subprocess.Popen[bytes]:
    url = world.url.render_as_string(hide_password=False)
    quick = {"SHUQIAO_SWEEP_SECONDS": "0.3", "SHUQIAO_DATABASE_URL": url}
    root = str(Path(__file__).resolve().parents[3])
    environment = {**os.environ, **quick, "PYTHONPATH": root, **changed}
    return subprocess.Popen([sys.executable, str(WORKER)], env=environment, cwd=root)


def until(wanted: Callable[[], Any], *, seconds: float = 90.0) -> Any:
    deadline = time.monotonic() + seconds
    while not (answer := wanted()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)
    return answer


def counted(query: str) -> int:
    with reading() as session:
        return int(session.connection().execute(text(query)).scalar_one())


def test_one_report_is_written_and_nothing_is_stuck(committed_world: At) -> None:
    world = committed_world("accounts")
    two = element(world, "两位代码", max_length=2, code_kind=None)
    registered(world, {"name": "码", "column_name": "码", "element": two, "is_key": True})
    rows = "\n".join(f"{number:04}" for number in range(ROWS))
    conforming.stored(world, f"码\n{rows}\n".encode())
    conforming.published(world)
    with unit_of_work() as session:
        edition = editions.current(session, world.resource_id)
        assert edition is not None
        session.connection().execute(text("DELETE FROM conformity_run"))
    path = f"/api/v1/resources/{world.resource_code}/editions/{edition.number}/conformity"

    def state() -> Any:
        return client(world, "registrar").get(path).json()

    slow = worker(world, SLOW="yes")
    try:
        until(lambda: state()["rows_done"])
        assert state()["state"] == "running"
    finally:
        slow.kill()
        slow.wait()
    assert counted("SELECT count(*) FROM conformity_report WHERE edition_id IS NOT NULL") == 0
    other = worker(world)
    try:
        until(lambda: state()["state"] == "done")
        until(lambda: counted("SELECT count(*) FROM conformity_run") == 0)
    finally:
        other.terminate()
        other.wait()
    found = state()
    assert (found["rows"], found["failed"]) == (ROWS, ROWS)
    assert counted("SELECT count(*) FROM conformity_report WHERE edition_id IS NOT NULL") == 1
    told = "SELECT count(*) FROM audit_event WHERE action = 'catalog:conformity:checked'"
    assert counted(told) == counted("SELECT count(*) FROM conformity_report")
