"""The process tree from outside: real processes, real signals, the embedded database."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fixtures.database import Cluster
from fixtures.processes import (
    PROGRAM,
    WAIT_SECONDS,
    Tree,
    children,
    command,
    eventually,
    free_ports,
    processes_of,
    public_home,
    serving,
    surroundings,
)

from server.demo import running as demo
from server.process.database import Database
from server.process.launcher import Launcher, RoleCannotStart
from server.process.role import ROLES, CannotStart, listeners, port_of
from shuqiao.settings import settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def tree(migrated_home: Path) -> Iterator[Tree]:
    """A whole service; tests kill parts of it and wait until they are back."""
    with public_home(migrated_home) as home, serving(home) as running:
        running.wait_ready("control", "data")
        yield running


def test_every_role_is_a_process_of_its_own(tree: Tree) -> None:
    pids = {tree.pid(role) for role in ROLES}

    assert None not in pids
    assert len(pids | {tree.process.pid}) == 4


def zygotes(tree: Tree) -> dict[str, list[int]]:
    """The processes that fork decoders, by role."""
    found = {role: children(tree.pid(role) or 0) for role in ROLES}
    return {
        role: [pid for pid in pids if command(pid)[2:4] == ["-m", "shuqiao.arrow.child.zygote"]]
        for role, pids in found.items()
    }


def test_roles_that_decode_files_have_a_warm_zygote_that_ends_with_them(tree: Tree) -> None:
    expected = {"control": 1, "data": 0, "worker": 1}
    assert eventually(lambda: {role: len(pids) for role, pids in zygotes(tree).items()} == expected)
    zygote, role = zygotes(tree)["worker"][0], tree.pid("worker")
    assert role is not None
    os.kill(role, signal.SIGKILL)
    assert eventually(lambda: not command(zygote))
    assert eventually(lambda: {role: len(pids) for role, pids in zygotes(tree).items()} == expected)


@pytest.mark.parametrize("role", ["control", "data"])
def test_a_role_says_that_it_lives_that_it_is_ready_and_what_it_measures(
    tree: Tree, role: str
) -> None:
    assert httpx2.get(f"{tree.url(role)}/healthz").json() == {"status": "alive"}
    ready = httpx2.get(f"{tree.url(role)}/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert all(ready.json()["checks"].values())
    assert "process_resident_memory_bytes" in httpx2.get(f"{tree.url(role)}/metrics").text


def test_who_asks_while_a_killed_role_is_away_waits_and_is_answered(tree: Tree) -> None:
    tree.wait_ready("control")
    killed = tree.pid("control")
    assert killed is not None

    os.kill(killed, signal.SIGKILL)
    assert eventually(lambda: tree.pid("control") != killed)
    answer = httpx2.get(f"{tree.url('control')}/healthz", timeout=WAIT_SECONDS)

    assert answer.status_code == 200
    assert tree.pid("control") not in (None, killed)


@pytest.mark.parametrize("role", ROLES)
def test_a_killed_role_is_started_again(tree: Tree, role: str) -> None:
    assert eventually(lambda: tree.pid(role) is not None)
    killed = tree.pid(role)
    assert killed is not None

    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: tree.pid(role) not in (None, killed))
    tree.wait_ready(*{"control", "data"} & {role})


def test_without_its_database_a_role_lives_but_is_not_ready_until_the_server_is_revived(
    tree: Tree,
) -> None:
    tree.wait_ready("control", "data")
    first = tree.postmaster()
    assert first is not None
    os.kill(tree.process.pid, signal.SIGSTOP)  # so that nobody revives the server meanwhile
    try:
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: tree.status("control") == 503)
        assert tree.status("control", "/healthz") == 200
        assert httpx2.get(f"{tree.url('control')}/readyz").json()["checks"]["database"] is False
    finally:
        os.kill(tree.process.pid, signal.SIGCONT)

    tree.wait_ready("control", "data")
    assert tree.postmaster() not in (None, first)


def test_a_killed_guard_is_started_again(tree: Tree) -> None:
    killed = _guard(tree)
    os.kill(killed, signal.SIGKILL)

    assert eventually(lambda: _guard(tree) not in (0, killed))


def test_sigterm_drains_everything_and_ends_with_0(own_home: Path) -> None:
    with serving(own_home, "data") as tree:
        tree.wait_ready("data")

        assert tree.end(signal.SIGTERM) == 0

        assert processes_of(own_home) == {}
        assert [line["event"] for line in tree.lines() if line["role"] == "data"][-1] == "stopped"


def test_sigterm_while_the_database_is_made_leaves_nothing_running() -> None:
    with public_home() as home, serving(home, "worker") as tree:
        assert eventually(lambda: tree.postmaster() is not None)

        assert tree.end(signal.SIGTERM) == 0

        assert processes_of(home) == {}


def test_launchers_killed_with_9_leave_the_others_alone_and_at_last_nothing(own_home: Path) -> None:
    with serving(own_home, "data") as first, serving(own_home, "worker") as second:
        first.wait_ready("data")
        assert eventually(lambda: '"working"' in second.log())
        server = first.postmaster()

        second.end(signal.SIGKILL)
        assert eventually(lambda: len(_guards(own_home)) == 1)

        assert first.postmaster() == server is not None
        first.wait_ready("data")

        first.end(signal.SIGKILL)
        assert eventually(lambda: not processes_of(own_home)), processes_of(own_home)
        last_words = {tree.lines()[-1]["event"] for tree in (first, second)}
        assert last_words == {"stopped"}, "the roles drained, they were not cut off"


def test_a_taken_port_is_one_sentence_and_a_failure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port, data_port = taken.getsockname()[1], free_ports()[1]
        changed = {"SHUQIAO_PORT": str(port), "SHUQIAO_DATA_PORT": str(data_port)}
        done = subprocess.run(
            [*PROGRAM, "server.cli", "serve"],
            env=surroundings(tmp_path / "home", **changed),
            capture_output=True,
            text=True,
            timeout=100,
        )

    assert done.returncode == 1
    assert done.stderr == (
        f"port {port} of 127.0.0.1 cannot be used (Address already in use): free it or set "
        "SHUQIAO_PORT\n"
    )
    assert not (tmp_path / "home").exists(), "nothing was begun"


def test_one_port_for_two_roles_names_the_setting_of_the_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = free_ports()[0]
    for name in ("port", "data_port"):
        monkeypatch.setattr(settings(), name, port)

    with pytest.raises(CannotStart, match=f"port {port} .*SHUQIAO_DATA_PORT"):
        listeners(ROLES)


def test_launchers_that_start_at_once_on_any_free_port_reach_their_own_roles(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "data_port", 0)
    monkeypatch.setenv("SHUQIAO_ENVIRONMENT", "test")
    database = Database(cluster.app_url.render_as_string(hide_password=False))
    with Launcher(database, ["data"]) as second:
        with Launcher(database, ["data"]) as first:
            for launcher in (first, second):
                launcher.wait_ready(WAIT_SECONDS)
            ports = {launcher.port("data") for launcher in (first, second)}
            assert len(ports) == 2

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", first.port("data")))
        second.wait_ready(WAIT_SECONDS)


def test_a_port_is_the_demos_own_from_the_moment_it_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two that start at once cannot choose the same one; the second takes another."""
    wanted = free_ports()[0]
    monkeypatch.setattr(settings(), "port", wanted)
    with demo._listening("control") as first, demo._listening("control") as second:
        assert port_of(first) == wanted
        assert port_of(second) not in (0, wanted)


def test_the_launcher_gives_up_on_a_role_that_cannot_start_at_all() -> None:
    with Launcher(Database("no database URL"), ["worker"]) as launcher:
        (first,) = launcher.pids().values()
        with pytest.raises(RoleCannotStart, match=r"worker.*status 3"):
            _look_around(launcher)

        assert launcher.pids() == {"worker": first}, "it was tried once: its own word is final"


def test_a_role_whose_start_dies_again_and_again_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It dies before it can say why: the launcher waits longer each time, then stops trying."""
    monkeypatch.setattr("server.process.launcher.PROGRAM", ("/bin/sh", "-c", "exit 9"))
    started = time.monotonic()
    with (
        Launcher(Database("unused"), ["worker"]) as launcher,
        pytest.raises(RoleCannotStart, match="status 9"),
    ):
        _look_around(launcher)

    assert time.monotonic() - started > 0.2 + 0.4 + 0.8 + 1.6


def _look_around(launcher: Launcher) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        launcher.keep_alive()
        time.sleep(0.02)


def _guard(tree: Tree) -> int:
    found = _guards(tree.home)
    return found[0] if found else 0


def _guards(home: Path) -> list[int]:
    return [
        pid for pid, line in processes_of(home).items() if "server.process.last_one_out" in line
    ]
