"""Embedded servers shared by processes, some of which are killed."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from shuqiao.embedded import EmbeddedPostgres, embedded, postmaster
from shuqiao.embedded.places import find_places
from shuqiao.roles import administering
from tests.fixtures.servers import (
    FAST,
    User,
    ask,
    eventually,
    is_linux,
    is_root,
    kill_server,
    pid_of,
    public_folder,
    state_of,
    subreaper,
)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A home whose cluster exists and is not running."""
    with public_folder() as folder:
        with embedded(folder / "home", options=FAST):
            pass
        yield folder / "home"


@pytest.fixture
def home(made: Path) -> Iterator[Path]:
    """The same home; whatever a test left running is stopped."""
    yield made
    if pid_of(made) is not None:
        with embedded(made, options=FAST):
            pass


@pytest.mark.slow
@is_linux
class TestKilledServer:
    def test_starts_again_after_the_server_was_killed(self, home: Path) -> None:
        user = User(home)
        killed, _ = user.said()
        with embedded(home, options=FAST) as server:
            ask(server.owner_url, "create table survived (word text)")
            kill_server(home)
        with embedded(home, options=FAST) as server:
            assert pid_of(home) not in (None, killed)
            assert ask(server.app_url, "select to_regclass('survived') is not null")
        user.leave()

    def test_starts_beside_a_zombie_that_nobody_reaps(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postmaster, "PATIENCE_SECONDS", 0.3)
        with subreaper():
            server = EmbeddedPostgres(home, options=FAST)
            server.start()
            zombie = kill_server(home)
            assert eventually(lambda: state_of(zombie) == "Z")
            with embedded(home, options=FAST) as again:
                assert state_of(zombie) == "Z"
                assert ask(again.app_url, "select 1") == 1
            server.stop()

    def test_ends_backends_that_outlived_their_server(self, home: Path) -> None:
        def busy(_: Path, pipe: Pipe, url: URL) -> None:
            with administering(url) as connection:
                pipe.send(connection.info.backend_pid)
                with suppress(psycopg.OperationalError):
                    connection.execute("select count(*) from generate_series(1, 100000000000)")
            pipe.send("cut")

        with embedded(home, options=FAST) as server:
            user = User(home, busy, server.app_url)
            backend = user.said()
            assert eventually(
                lambda: (
                    ask(
                        server.superuser_url,
                        f"select state from pg_stat_activity where pid = {backend}",
                    )
                    == "active"
                )
            )
            kill_server(home)
            assert state_of(backend) not in ("", "Z")
            began = time.monotonic()
            with embedded(home, options=FAST) as again:
                assert ask(again.app_url, "select 1") == 1
            assert time.monotonic() - began < postmaster.PATIENCE_SECONDS
            assert user.said() == "cut"
        assert state_of(backend) in ("", "Z")

    def test_takes_no_stranger_with_the_recorded_number_for_its_server(self, home: Path) -> None:
        places = find_places(home)
        with subprocess.Popen(["sleep", "60"], cwd="/") as stranger:
            (places.data / "postmaster.pid").write_text(
                f"{stranger.pid}\n{places.data}\n0\n5432\n/nowhere\n\n\nready\n"
            )
            os.chown(places.data / "postmaster.pid", places.account.uid, places.account.gid)
            with embedded(home, options=FAST) as server:
                assert ask(server.app_url, "select 1") == 1
            assert stranger.poll() is None
            stranger.kill()

    @is_root
    def test_root_without_ptrace_recognises_living_and_dead(self, home: Path) -> None:
        script = (
            "import os, sys; from pathlib import Path; from shuqiao.embedded import embedded, "
            "postmaster\n"
            "from shuqiao.embedded.places import find_places\n"
            "home, pid = Path(sys.argv[1]), int(sys.argv[2])\n"
            "try: os.stat(f'/proc/{pid}/cwd'); sys.exit('the process can still look')\n"
            "except PermissionError: pass\n"
            "with embedded(home): assert postmaster.running(find_places(home)).pid == pid\n"
            "os.kill(pid, 9)\n"
            "with embedded(home): assert postmaster.running(find_places(home)).pid != pid\n"
        )
        drop_sys_ptrace = (24, 19, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_SYS_PTRACE: gone after exec
        with embedded(home, options=FAST):
            done = subprocess.run(
                [sys.executable, "-c", script, home, str(pid_of(home))],
                preexec_fn=lambda: ctypes.CDLL(None).prctl(*drop_sys_ptrace),
                capture_output=True,
                text=True,
                timeout=60,
            )
        assert done.returncode == 0, done.stderr


@pytest.mark.slow
@is_linux
class TestLastOneOut:
    def test_stops_the_server_though_one_user_was_killed(self, home: Path) -> None:
        users = [User(home), User(home), User(home)]
        pid = users[0].said()[0]
        assert [user.said()[0] for user in users[1:]] == [pid, pid]
        users[1].kill()
        users[0].leave()
        assert pid_of(home) == pid
        users[2].leave()
        assert pid_of(home) is None

    def test_a_forked_child_is_no_user_and_stops_nothing(self, home: Path) -> None:
        def stop_in_child(_: Path, pipe: Pipe, server: EmbeddedPostgres) -> None:
            server.stop()
            pipe.send("stopped")
            pipe.recv()
            pipe.send("left")

        server = EmbeddedPostgres(home, options=FAST)
        server.start()
        child = User(home, stop_in_child, server)
        assert child.said() == "stopped"
        assert ask(server.app_url, "select 1") == 1
        server.stop()
        assert pid_of(home) is None  # though the child, which inherited the open files, still lives
        child.leave()

    @pytest.mark.parametrize("how", ["forked", "started"])
    def test_children_of_a_killed_user_do_not_keep_the_server_running(
        self, home: Path, how: str
    ) -> None:
        def leave_child_behind(folder: Path, pipe: Pipe) -> None:
            embedded(folder, options=FAST).start()
            if how == "started":
                child = subprocess.Popen(["sleep", "60"], close_fds=False).pid
            else:
                child = os.fork()
                if child == 0:
                    signal.pause()
            pipe.send(child)
            pipe.recv()

        user = User(home, leave_child_behind)
        child = user.said()
        try:
            with embedded(home, options=FAST):
                user.kill()
                os.kill(child, 0)
            assert pid_of(home) is None
        finally:
            os.kill(child, signal.SIGKILL)
