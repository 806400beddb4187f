"""The service a benchmark runs against: a PostgreSQL of its own, the
real control and data processes, all in /tmp.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from httpx2 import TransportError, get

from bench.granted import Granted, grant_on_table
from server.process import migrating
from server.process.database import load_calendars
from shuqiao.embedded import EmbeddedPostgres

#: Five of the twelve columns, one mask, one filter: what ``basics`` streams.
COLUMNS = ("id", "person_id", "birth_date", "amount_fen", "apply_time")
MASKS = {"person_id": {"kind": "keep_both", "prefix": 6, "suffix": 4, "length": 18}}
KEEP = ("status", "ne", 5)
START_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Running:
    """Where things are while the benchmark runs.

    ``dsn`` is the database superuser's, for preparing only.
    """

    control: str
    data: str
    control_pid: int
    data_pid: int
    dsn: str
    app_dsn: str
    home: Path
    granted: Granted


@contextmanager
def running(rows: int, changed: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Control and data over a grant on ``rows`` generated rows; everything is gone afterwards.

    ``changed``: more settings.
    """
    with ExitStack() as stack:
        place = Path(tempfile.mkdtemp(prefix="sq-bench-"))
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        place.chmod(0o711)
        home = place / "home"
        home.mkdir(mode=0o711)
        urls = stack.enter_context(EmbeddedPostgres(home)).database("bench")
        owner = urls.owner_url.render_as_string(hide_password=False)
        app = urls.app_url.render_as_string(hide_password=False)
        migrating.upgrade(owner)
        load_calendars(app)
        granted = grant_on_table(owner, home, rows, columns=COLUMNS, masks=MASKS, keep=KEEP)
        ports = free_ports(2)
        environment = {
            **os.environ,
            "SHUQIAO_ENVIRONMENT": "test",
            "SHUQIAO_HOME": str(home),
            "SHUQIAO_PORT": str(ports[0]),
            "SHUQIAO_DATA_PORT": str(ports[1]),
            "SHUQIAO_DATABASE_URL": app,
            "SHUQIAO_LOG_LEVEL": "error",
            "SHUQIAO_CLOCK": "2026-02-11T09:00:00+08:00",
            "SHUQIAO_SESSIONS_PER_USER": "1000",
            **(changed or {}),
        }
        role = [sys.executable, "-m", "server.process.role"]
        pids = [_started(stack, [*role, name], environment) for name in ("control", "data")]
        origins = [f"http://127.0.0.1:{port}" for port in ports]
        for origin in origins:
            wait_for(f"{origin}/readyz")
        yield Running(
            *origins,
            *pids,
            urls.superuser_url.set(drivername="postgresql").render_as_string(hide_password=False),
            urls.app_url.set(drivername="postgresql").render_as_string(hide_password=False),
            home,
            granted,
        )


@contextmanager
def process(command: Sequence[str]) -> Iterator[int]:
    """A peer as a process of its own, killed at the end; gives its pid."""
    with ExitStack() as stack:
        yield _started(stack, command, dict(os.environ))


def free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _each in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def wait_for(address: str) -> None:
    """Until ``address`` answers 200, or ``host:port`` takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while not _answers(address):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{address} does not answer")
        time.sleep(0.05)


def _answers(address: str) -> bool:
    try:
        if address.startswith("http"):
            return get(address, timeout=2.0).status_code == 200
        host, _colon, port = address.partition(":")
        socket.create_connection((host, int(port)), 1.0).close()
        return True
    except (TransportError, OSError):
        return False


def _started(stack: ExitStack, command: Sequence[str], environment: dict[str, str]) -> int:
    child = subprocess.Popen(command, env=environment)
    stack.callback(child.wait)
    stack.callback(child.kill)
    return child.pid
