"""One cluster: made by initdb, started and stopped by pg_ctl, each as the server's own user."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from shuqiao.embedded import postmaster
from shuqiao.embedded.binaries import find_binaries
from shuqiao.embedded.places import (
    EmbeddedPostgresError,
    Places,
    make_socket_folder,
    read_secret,
    socket_path,
)

SUPERUSER: Final = "postgres"
_MAJOR: Final = "18"
_LOG_LIMIT_BYTES: Final = 10 * 1_048_576
#: Options that would move the server, open it to somebody, or let values into its log.
_FIXED_OPTIONS: Final = frozenset(
    {
        "config_file",
        "data_directory",
        "external_pid_file",
        "hba_file",
        "ident_file",
        "listen_addresses",
        "log_error_verbosity",
        "log_min_error_statement",
        "log_parameter_max_length",
        "log_parameter_max_length_on_error",
        "password_encryption",
        "port",
        "unix_socket_directories",
        "unix_socket_group",
        "unix_socket_permissions",
    }
)
#: What the server may write into its own log: that a statement failed and why, never the row
#: (DETAIL, CONTEXT), the statement or its parameters.
_SILENT: Final = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_INITDB: Final = (
    "--auth-local=scram-sha-256",
    "--auth-host=scram-sha-256",
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    # Sorts and compares the same on every machine, whatever its C library.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-messages=C",
    "--data-checksums",
    "--no-instructions",
)


class Cluster:
    """The data folder of ``places`` and the programs that work on it.

    Callers hold the start lock.
    """

    def __init__(
        self, places: Places, options: Mapping[str, str], *, timeout_seconds: float
    ) -> None:
        for name in options:
            if not re.fullmatch(r"[a-z_][a-z0-9_.]*", name) or name in _FIXED_OPTIONS:
                raise EmbeddedPostgresError(
                    f"not an option of the embedded database that can be set: {name!r}"
                )
        self._places = places
        self._options = options
        self._timeout_seconds = timeout_seconds

    def ensure(self) -> None:
        """Make the cluster if there is none.

        Raises ``EmbeddedPostgresError`` for one we cannot use.
        """
        data = self._places.data
        if not data.exists():
            self._create()
        if data.stat().st_uid != self._places.account.uid:
            raise EmbeddedPostgresError(f"{data} belongs to another user: use a home of your own")
        version = (data / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != _MAJOR:
            raise EmbeddedPostgresError(
                f"{data} was made by PostgreSQL {version}, this is {_MAJOR}: upgrade it"
            )

    def launch(self) -> None:
        """Start the server, after clearing up behind one that was killed."""
        postmaster.clear_dead(self._places)
        folder = str(make_socket_folder(self._places))
        fixed = {
            "listen_addresses": "",
            "unix_socket_directories": folder,
            "unix_socket_permissions": "0700",
            **_SILENT,
        }
        words = [
            word
            for name, value in {**self._options, **fixed}.items()
            for word in ("-c", f"{name}={value}")
        ]
        log = self._places.log
        if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
            log.rename(log.with_name(f"{log.name}.1"))
        self._control("start", f"--options={shlex.join(words)}")

    def halt(self) -> None:
        """Stop the server; running statements are broken off, what is committed stays."""
        self._control("stop", "--mode=fast")
        with suppress(OSError):
            socket_path(self._places).rmdir()

    def log_tail(self, start: int = 0) -> str:
        """The last lines logged since byte ``start``, to be quoted in an error."""
        try:
            with self._places.log.open("rb") as file:
                file.seek(max(start, os.fstat(file.fileno()).st_size - 4000))
                lines = file.read().decode("utf-8", "replace").splitlines()[-12:]
        except OSError:
            return ""
        return f"; the end of {self._places.log}:\n" + "\n".join(lines) if lines else ""

    def _control(self, verb: str, option: str) -> None:
        """Run pg_ctl.

        The data folder goes in the environment: on its command line a shell would read the path.

        Output goes to the log file and not to a pipe: the server inherits it, and reading the pipe
        would never end.
        """
        program = find_binaries(self._places.account) / "pg_ctl"
        log = os.open(
            self._places.log,
            os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC,
            0o600,
        )
        try:
            before = os.fstat(log).st_size
            done = self._places.account.run(
                [program, verb, "--wait", f"--timeout={self._timeout_seconds:.0f}", option],
                environment={"PGDATA": str(self._places.data)},
                output=log,
                timeout_seconds=self._timeout_seconds + 10,
            )
        except subprocess.TimeoutExpired as error:
            raise EmbeddedPostgresError(f"pg_ctl {verb} hangs{self.log_tail(before)}") from error
        finally:
            os.close(log)
        if done.returncode != 0:
            raise EmbeddedPostgresError(f"pg_ctl {verb} failed{self.log_tail(before)}")

    def _create(self) -> None:
        """initdb beside the final name, so that one broken off half-way
        is never taken for a cluster.
        """
        places = self._places
        shutil.rmtree(places.draft, ignore_errors=True)
        places.draft.mkdir(mode=0o700)
        if places.account.is_other:
            os.chown(places.draft, places.account.uid, places.account.gid)
        password = read_secret(places.keys / "postgres_superuser", create=True)
        no_sync = ["--no-sync"] if self._options.get("fsync") == "off" else []
        program = find_binaries(places.account) / "initdb"
        with self._readable(password) as descriptor:
            command: list[str | Path] = [
                program,
                *_INITDB,
                *no_sync,
                f"--pwfile=/dev/fd/{descriptor}",
                f"--pgdata={places.draft}",
            ]
            try:
                made = places.account.run(
                    command, pass_fds=[descriptor], timeout_seconds=2 * self._timeout_seconds
                )
            except subprocess.TimeoutExpired as error:
                raise EmbeddedPostgresError("initdb hangs") from error
        if made.returncode != 0:
            if "No space left on device" in made.stdout:
                shutil.rmtree(places.draft, ignore_errors=True)
                raise EmbeddedPostgresError(f"{places.draft.parent}: the disk is full: make room")
            raise EmbeddedPostgresError(f"initdb failed:\n{made.stdout[-2000:]}")
        places.draft.rename(places.data)

    @contextmanager
    def _readable(self, password: str) -> Iterator[int]:
        """A pipe that the server's user can read the password from: in
        clear it touches no disk of his.
        """
        reading, writing = os.pipe()
        try:
            if self._places.account.is_other:
                os.fchown(reading, self._places.account.uid, self._places.account.gid)
            os.write(writing, password.encode())
            os.close(writing)
            yield reading
        finally:
            os.close(reading)
