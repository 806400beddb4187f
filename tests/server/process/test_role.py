"""One role alone, as a process: what it needs, what it says, how it ends."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fixtures.database import Cluster
from fixtures.processes import PROGRAM, WAIT_SECONDS, eventually, free_ports, surroundings

from server.process.role import CANNOT_START, PIPE, SERVING

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@contextmanager
def role(
    name: str,
    cluster: Cluster | None,
    home: Path,
    *,
    pass_fds: tuple[int, ...] = (),
    **changed: str,
) -> Iterator[subprocess.Popen[str]]:
    url = (
        {}
        if cluster is None
        else {"SHUQIAO_DATABASE_URL": cluster.app_url.render_as_string(hide_password=False)}
    )
    process = subprocess.Popen(
        [*PROGRAM, "server.process.role", name],
        env=surroundings(home, **url, **changed),
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=pass_fds,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """The log lines of an ended process."""
    return [json.loads(line) for line in process.communicate(timeout=WAIT_SECONDS)[1].splitlines()]


def test_a_role_alone_serves_on_a_given_database_and_drains_on_sigterm(
    cluster: Cluster, home: Path
) -> None:
    port = free_ports()[1]
    with role("data", cluster, home, SHUQIAO_DATA_PORT=str(port)) as process:
        assert eventually(lambda: _status(port) == 200)
        process.send_signal(signal.SIGTERM)

        events = [line["event"] for line in said(process)]
        assert process.returncode == 0
    assert [events[0], events[1], events[-1]] == ["starting", "serving", "stopped"]


def test_a_role_says_when_it_serves_and_drains_when_its_launcher_is_gone(
    cluster: Cluster, home: Path
) -> None:
    reading, writing = os.pipe()
    word, its_end = os.pipe()
    pipes = {PIPE: str(reading), SERVING: str(its_end)}
    with role("worker", cluster, home, pass_fds=(reading, its_end), **pipes) as process:
        os.close(its_end)
        assert os.read(word, 10) == b"1"
        assert process.poll() is None

        os.close(writing)

        assert said(process)[-1]["event"] == "stopped"
        assert process.returncode == 0
    os.close(reading)
    os.close(word)


def test_a_role_without_a_database_says_so(home: Path) -> None:
    with role("worker", None, home) as process:
        last = said(process)[-1]

        assert process.returncode == CANNOT_START
    assert (last["event"], last["role"]) == ("cannot_start", "worker")
    assert last["reason"] == "SHUQIAO_DATABASE_URL is not set: start this role with `shuqiao serve`"


def test_rules_that_cannot_be_served_from_are_one_sentence(cluster: Cluster, home: Path) -> None:
    with role("control", cluster, home, SHUQIAO_LOCAL_DEADLINES="/nowhere/limits.toml") as process:
        last = said(process)[-1]

        assert process.returncode == CANNOT_START
    assert last["reason"] == "/nowhere/limits.toml: No such file or directory"
    assert "exception" not in last


def test_a_role_whose_port_is_taken_names_it_and_the_setting(cluster: Cluster, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with role("data", cluster, home, SHUQIAO_DATA_PORT=str(port)) as process:
            last = said(process)[-1]

            assert process.returncode == CANNOT_START
    why = (
        f"port {port} of 127.0.0.1 cannot be used (Address already in use): free it or set "
        "SHUQIAO_DATA_PORT"
    )
    assert (last["event"], last["reason"]) == ("cannot_start", why)


def test_a_role_nobody_knows_is_refused() -> None:
    done = subprocess.run([*PROGRAM, "server.process.role", "king"], capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stderr == "usage: python -m server.process.role control|data|worker\n"


def _status(port: int) -> int:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=3.0).status_code
    except httpx2.TransportError:
        return 0
