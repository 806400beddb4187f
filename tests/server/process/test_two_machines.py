"""Roles on machines of their own: keys that differ, and the time before they end."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fixtures.database import clock_was_read, run_sql
from fixtures.keyed import Installed
from fixtures.processes import eventually, free_ports, surroundings
from fixtures.warm_roles import WarmRole
from sqlalchemy import text

from shuqiao import db
from shuqiao.home import BELONGS

pytestmark = pytest.mark.timeout(300)


class Machine:
    """A control role with a home of its own."""

    def __init__(self, process: WarmRole, home: Path, origin: str) -> None:
        self.process, self.home, self.origin = process, home, origin

    def status(self, path: str) -> int:
        try:
            return httpx2.get(f"{self.origin}{path}", timeout=5).status_code
        except httpx2.TransportError:
            return 0

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx2.get(f"{self.origin}/readyz", timeout=10).json()
        return found

    def wait(self, path: str, status: int) -> None:
        assert eventually(lambda: self.status(path) == status), (path, self.told())


@contextmanager
def machine(installed: Installed, name: str, **changed: str) -> Iterator[Machine]:
    port, home = free_ports()[0], installed.folder / name
    environment = surroundings(
        home,
        SHUQIAO_DATABASE_URL=installed.url,
        SHUQIAO_PORT=str(port),
        SHUQIAO_CLOCK_CHECK_SECONDS="0.2",
        **changed,
    )
    process = WarmRole("control", environment, stderr=installed.folder / f"{name}.log")
    try:
        found = Machine(process, home, f"http://127.0.0.1:{port}")
        assert eventually(lambda: found.status("/healthz") == 200)
        yield found
    finally:
        process.kill()
        process.wait()


def test_the_second_home_is_refused_until_it_has_the_keys_of_the_first(
    installed: Installed,
) -> None:
    kept = installed.folder / "one" / "keys"
    kept.mkdir(parents=True)
    (kept / "csrf").write_bytes(b"k" * 32)  # as before keys were registered
    with machine(installed, "one") as one:
        one.wait("/readyz", 200)
        with machine(installed, "two") as two:
            two.wait("/readyz", 503)
            told = two.told()
            assert "csrf is not in this home" in told["causes"]["keys"]
            assert two.status("/sign-in") == 503
            assert two.status("/healthz") == two.status("/metrics") == 200

            shutil.copytree(one.home / "keys", two.home / "keys", dirs_exist_ok=True)

            two.wait("/readyz", 200)
            two.wait("/sign-in", 200)

            (two.home / "keys" / "csrf").unlink()
            two.wait("/sign-in", 503)
            assert one.status("/sign-in") == 200


@pytest.mark.slow
def test_a_worker_in_another_installations_home_removes_nothing(installed: Installed) -> None:
    """No row of this database names what lies there: to its upkeep all of it would be left over."""
    home = installed.folder / "theirs"
    theirs = home / "snapshots" / ("a" * 64)
    theirs.mkdir(parents=True, mode=0o700)
    days_ago = time.time() - 2 * 86_400
    os.utime(theirs, (days_ago, days_ago))
    (home / BELONGS).write_text(str(uuid4()), encoding="utf-8")
    clock_was_read("7 hours")
    run_sql(
        "INSERT INTO sweep (task, tries, next_at) VALUES ('server.process.upkeep', 0, '2020-01-01')"
    )
    environment = surroundings(
        home,
        SHUQIAO_DATABASE_URL=installed.url,
        SHUQIAO_CLOCK_CHECK_SECONDS="0.2",
        SHUQIAO_SWEEP_SECONDS="1",
    )
    worker = WarmRole("worker", environment, stderr=installed.folder / "worker.log")
    try:
        log = installed.folder / "worker.log"
        assert eventually(lambda: log.exists() and "installation_unfit" in log.read_text("utf-8"))
        assert not eventually(lambda: not theirs.exists(), seconds=5)
        with db.reading() as session:
            own = session.connection().execute(text("SELECT id FROM installation")).scalar_one()
        (home / BELONGS).write_text(str(own), encoding="utf-8")
        assert eventually(lambda: not theirs.exists()), "it is its own now, and left over"
    finally:
        worker.kill()
        worker.wait()


def test_told_to_end_it_is_first_not_ready_and_serves_on(installed: Installed) -> None:
    with machine(installed, "one", SHUQIAO_UNREADY_SECONDS="3") as one:
        one.wait("/readyz", 200)
        began = time.monotonic()
        one.process.send_signal(signal.SIGTERM)
        one.wait("/readyz", 503)
        assert one.told()["status"] == "stopping"
        assert one.status("/sign-in") == 200
        assert one.process.wait(30) == 0
        assert time.monotonic() - began >= 3
    with machine(installed, "one", SHUQIAO_UNREADY_SECONDS="60") as one:
        one.wait("/readyz", 200)
        one.process.send_signal(signal.SIGTERM)
        one.wait("/readyz", 503)
        one.process.send_signal(signal.SIGTERM)
        assert one.process.wait(30) == 0, "a second signal ends the wait"
