"""The embedded server: real clusters, real doors, real operating-system users."""

import os
import pwd
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from shuqiao.embedded import EmbeddedPostgres, EmbeddedPostgresError, binaries, embedded
from shuqiao.embedded.binaries import PACKAGE, find_binaries
from shuqiao.embedded.places import STATE, find_places, server_account, socket_path
from shuqiao.home import home as home_folder
from shuqiao.settings import settings
from tests.fixtures.servers import FAST, User, ask, is_root, pid_of, public_folder, state_of, use


@pytest.fixture
def fresh() -> Iterator[Path]:
    with public_folder() as folder:
        yield folder / "home"


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


class TestStart:
    def test_makes_a_cluster_in_a_path_with_space_and_chinese_and_finds_it_again(
        self, fresh: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        home = fresh.with_name("政务 数据 $(touch x) '\"") / "数桥"
        began = time.monotonic()
        with embedded(home, options=FAST) as server:
            first = time.monotonic() - began
            ask(server.owner_url, "create table kept as select '数桥' as word")
        began = time.monotonic()
        with embedded(home, options=FAST) as server:
            later = time.monotonic() - began
            assert ask(server.owner_url, "select word from kept") == "数桥"
            assert ask(server.superuser_url, "show data_checksums") == "on"
            assert ask(server.superuser_url, "show server_version").startswith("18.")
            collation = (
                "select datctype || ' ' || datlocale from pg_database"
                " where datname = current_database()"
            )
            assert ask(server.app_url, collation) == "C.UTF-8 C.UTF-8"
        with capsys.disabled():
            print(f"\nembedded PostgreSQL: first start {first:.2f} s, later start {later:.2f} s")
        assert later < first

    def test_begins_again_when_making_the_cluster_was_broken_off(self, fresh: Path) -> None:
        places = find_places(fresh)
        places.draft.mkdir()
        (places.draft / "PG_VERSION").write_text("18")
        with embedded(fresh, options=FAST) as server:
            assert ask(server.app_url, "select 1") == 1

    def test_two_at_once_on_a_fresh_folder_share_one_server(self, fresh: Path) -> None:
        users = [User(fresh), User(fresh)]
        words = [user.said() for user in users]
        assert words[0][0] == words[1][0] is not None
        for user in users:
            user.leave()
        assert pid_of(fresh) is None

    def test_adopts_the_server_of_an_owner_that_was_killed(self, home: Path) -> None:
        owner = User(home)
        pid, _ = owner.said()
        owner.kill()
        with embedded(home, options=FAST):
            assert pid_of(home) == pid
        assert pid_of(home) is None

    def test_second_start_changes_nothing(self, home: Path) -> None:
        server = EmbeddedPostgres(home, options=FAST)
        assert server.start() is server.start()
        server.stop()
        server.stop()
        assert pid_of(home) is None

    def test_quotes_the_log_when_the_server_refuses(self, home: Path) -> None:
        with pytest.raises(
            EmbeddedPostgresError, match='invalid value for parameter "max_connections": "plenty"'
        ):
            embedded(home, options={"max_connections": "plenty"}).start()
        assert pid_of(home) is None

    def test_makes_further_databases_with_the_same_roles(self, home: Path) -> None:
        with embedded(home, options=FAST) as server:
            other = server.database("second")
            assert (
                ask(other.app_url, "select current_database() || ' ' || current_user")
                == "second shuqiao_app"
            )
            assert server.database("second") == other


class TestDoors:
    def test_wrong_and_missing_passwords_are_refused(self, home: Path) -> None:
        with embedded(home, options=FAST) as server:
            for url in (server.superuser_url, server.owner_url, server.app_url):
                with pytest.raises(
                    psycopg.OperationalError, match="password authentication failed"
                ):
                    ask(url.set(password="guessed"), "select 1")
                with pytest.raises(psycopg.OperationalError, match="no password supplied"):
                    ask(
                        URL.create(
                            "postgresql", url.username, database=url.database, query=url.query
                        ),
                        "select 1",
                    )

    def test_only_the_socket_is_served_and_only_to_scram(self, home: Path) -> None:
        with embedded(home, options=FAST) as server:
            assert ask(server.superuser_url, "show listen_addresses") == ""
            methods = ask(
                server.superuser_url,
                "select array_agg(distinct auth_method) from pg_hba_file_rules",
            )
            assert methods == ["scram-sha-256"]
            folder = Path(str(server.app_url.query["host"]))
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert folder.stat().st_uid == find_places(home).account.uid

    @pytest.mark.parametrize("user", ["all", "shuqiao_app"])
    def test_a_cluster_opened_to_trust_is_refused(self, home: Path, user: str) -> None:
        rules = find_places(home).data / "pg_hba.conf"
        good = rules.read_bytes()
        rules.write_bytes(f"local all {user} trust\n".encode() + good)
        try:
            with pytest.raises(EmbeddedPostgresError, match="must say scram-sha-256"):
                embedded(home, options=FAST).start()
            assert pid_of(home) is None
        finally:
            rules.write_bytes(good)

    def test_only_the_superuser_enters_the_maintenance_databases(self, home: Path) -> None:
        with embedded(home, options=FAST) as server:
            for name in ("postgres", "template1"):
                with pytest.raises(
                    psycopg.OperationalError, match="permission denied for database"
                ):
                    ask(server.app_url.set(database=name), "select 1")

    @pytest.mark.parametrize(
        "name", ["hba_file", "listen_addresses", "port", "fsync = off -c x", ""]
    )
    def test_options_that_open_or_move_the_server_are_refused(self, home: Path, name: str) -> None:
        with pytest.raises(EmbeddedPostgresError, match="not an option"):
            embedded(home, options={name: "x"}).start()

    def test_options_reach_the_server(self, home: Path) -> None:
        with embedded(home, options={**FAST, "application_name": "a 'b' $HOME"}) as server:
            assert ask(
                server.superuser_url,
                "select reset_val from pg_settings where name = 'application_name'",
            ) == ("a 'b' $HOME")
            assert ask(server.superuser_url, "show max_connections") == "20"

    def test_a_socket_folder_made_by_somebody_else_is_refused(
        self, home: Path, tmp_path: Path
    ) -> None:
        places = find_places(home)
        folder = socket_path(places)
        folder.symlink_to(tmp_path)
        try:
            with pytest.raises(EmbeddedPostgresError, match="not a private folder"):
                embedded(home, options=FAST).start()
        finally:
            folder.unlink()
        folder.mkdir(mode=0o700)
        os.chown(folder, places.account.uid, places.account.gid)
        folder.chmod(0o755)
        with pytest.raises(EmbeddedPostgresError, match="not a private folder"):
            embedded(home, options=FAST).start()
        folder.rmdir()


class TestSecrets:
    def test_are_private_files_and_show_nowhere(self, home: Path) -> None:
        with embedded(home, options=FAST) as server:
            urls = (server.superuser_url, server.owner_url, server.app_url)
            passwords = [str(url.password) for url in urls]
            assert len(set(passwords)) == 3
            assert all(len(password) >= 43 for password in passwords)
            files = list((home / "keys").glob("postgres_*"))
            assert sorted(file.read_text() for file in files) == sorted(passwords)
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
            shown = (
                f"{server!r} {server} {server.start()!r} {urls}" + find_places(home).log.read_text()
            )
            if sys.platform == "linux":
                shown += Path(f"/proc/{pid_of(home)}/environ").read_text()
                shown += Path(f"/proc/{pid_of(home)}/cmdline").read_text()
            assert not any(password in shown for password in passwords)

    def test_a_password_file_that_others_can_read_is_refused(self, home: Path) -> None:
        file = home / "keys" / "postgres_owner"
        file.chmod(0o640)
        with pytest.raises(EmbeddedPostgresError, match="only its owner can read"):
            embedded(home, options=FAST).start()
        file.chmod(0o600)

    def test_a_lost_or_wrong_superuser_password_is_one_clear_sentence(self, home: Path) -> None:
        file = home / "keys" / "postgres_superuser"
        good = file.read_text()
        file.unlink()
        with pytest.raises(EmbeddedPostgresError, match="postgres_superuser is gone: restore it"):
            embedded(home, options=FAST).start()
        file.touch(mode=0o600)
        file.write_text("wrong")
        with pytest.raises(EmbeddedPostgresError, match="does not fit the cluster"):
            embedded(home, options=FAST).start()
        file.write_text(good)

    def test_a_lost_application_password_is_replaced(self, home: Path) -> None:
        file = home / "keys" / "postgres_app"
        old = file.read_text()
        file.unlink()
        with embedded(home, options=FAST) as server:
            assert server.app_url.password != old
            assert ask(server.app_url, "select 1") == 1


@pytest.mark.slow
class TestOperatingSystemUser:
    def test_the_wheel_is_used_without_importing_it(self, home: Path) -> None:
        with embedded(home, options=FAST):
            assert PACKAGE not in sys.modules

    @is_root
    def test_root_runs_copies_as_nobody(self, home: Path) -> None:
        with embedded(home, options=FAST):
            process = Path(f"/proc/{pid_of(home)}")
            assert process.stat().st_uid == pwd.getpwnam("nobody").pw_uid
            program = Path(os.readlink(process / "exe"))
        assert program.parent == find_binaries(server_account())
        assert {(path.stat().st_uid, path.stat().st_mode & 0o022) for path in program.parents} >= {
            (0, 0)
        }
        assert all(
            path.stat().st_uid == 0 and not path.stat().st_mode & 0o022 for path in program.parents
        )

    @is_root
    def test_root_with_a_home_that_nobody_can_enter_keeps_the_cluster_elsewhere(
        self, fresh: Path
    ) -> None:
        fresh.mkdir(mode=0o700)
        with embedded(fresh, options=FAST) as server:
            ask(server.owner_url, "create table kept ()")
        place = Path((fresh / "postgres.where").read_text().strip())
        assert place.parent == STATE
        assert not (fresh / "postgres").exists()
        assert (place / "postgres" / "PG_VERSION").exists()
        assert {path.name for path in (fresh / "keys").iterdir()} == {
            f"postgres_{x}" for x in ("app", "owner", "superuser")
        }
        fresh.chmod(0o755)  # opening the home later must not begin an empty cluster in it
        with embedded(fresh, options=FAST) as server:
            assert ask(server.app_url, "select to_regclass('kept') is not null")
        moved = fresh.rename(fresh.with_name("moved"))
        with pytest.raises(EmbeddedPostgresError, match="after moving the home"):
            embedded(moved, options=FAST).start()

    def test_without_a_home_the_working_folder_decides(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("SHUQIAO_HOME", raising=False)
        settings.cache_clear()
        try:
            with EmbeddedPostgres(options=FAST) as server:
                assert ask(server.app_url, "select 1") == 1
                assert (home_folder() / "postgres" / "PG_VERSION").exists()
            if os.geteuid() == 0:
                assert home_folder().parent == STATE
                assert (tmp_path / ".shuqiao" / "where").read_text().strip() == str(home_folder())
            else:
                assert home_folder() == tmp_path / ".shuqiao"
            shutil.rmtree(home_folder())
        finally:
            settings.cache_clear()

    @is_root
    def test_the_programs_are_copied_once_and_usable_whatever_the_umask(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def copy(_: Path, pipe: Pipe) -> None:
            os.umask(0o077)
            pipe.send(find_binaries(server_account()))
            pipe.recv()
            pipe.send("left")

        with public_folder() as folder:
            monkeypatch.setattr(binaries, "CACHE", folder / "cache")
            (folder / "cache").mkdir(mode=0o755)
            (folder / "cache" / ".incoming-broken-off").mkdir()
            users = [User(folder, copy), User(folder, copy)]
            places = {user.said() for user in users}
            for user in users:
                user.leave()
            assert len(places) == 1
            shown = (
                server_account()
                .run([places.pop() / "initdb", "--version"], timeout_seconds=10)
                .stdout
            )
            assert shown.startswith("initdb (PostgreSQL) 18.")
            assert len([path for path in (folder / "cache").iterdir() if path.is_dir()]) == 1

    @is_root
    def test_root_is_told_when_a_home_was_closed_to_nobody(self, home: Path) -> None:
        home.chmod(0o700)
        try:
            with pytest.raises(EmbeddedPostgresError, match="can no longer enter"):
                embedded(home, options=FAST).start()
        finally:
            home.chmod(0o711)

    @is_root
    def test_an_ordinary_user_runs_it_in_a_home_of_his_own(self, fresh: Path, home: Path) -> None:
        def as_daemon(folder: Path, pipe: Pipe) -> None:
            entry = pwd.getpwnam("daemon")
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            # Where the checkout is closed to others its wheel is too;
            # root's copy then stands in for it.
            sys.path.insert(0, copies)
            use(folder, pipe)

        with embedded(home, options=FAST):
            copies = str(find_binaries(server_account()).parents[2])
        fresh.mkdir(mode=0o700)
        os.chown(fresh, pwd.getpwnam("daemon").pw_uid, pwd.getpwnam("daemon").pw_gid)
        user = User(fresh, as_daemon)
        pid, name = user.said()
        assert name == "shuqiao_app"
        assert Path(f"/proc/{pid}").stat().st_uid == pwd.getpwnam("daemon").pw_uid
        with pytest.raises(EmbeddedPostgresError, match=r"another user|no longer enter"):
            embedded(fresh, options=FAST).start()
        user.leave()
        assert not Path(f"/proc/{pid}").exists() or state_of(pid) == "Z"
