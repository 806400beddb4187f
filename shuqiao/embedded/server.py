"""Start, adopt, share and stop the embedded PostgreSQL 18."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy import URL

from shuqiao.embedded import locks, postmaster
from shuqiao.embedded.cluster import SUPERUSER, Cluster
from shuqiao.embedded.places import EmbeddedPostgresError, Places, find_places, read_secret
from shuqiao.home import home as default_home
from shuqiao.roles import BootstrapError, administering, bootstrap


@dataclass(frozen=True)
class ConnectionUrls:
    """URLs of one database for the three roles.

    SQLAlchemy hides their passwords in ``repr`` and ``str``.

    For a setting or a child's environment: ``url.render_as_string(hide_password=False)``. Never log
    that.
    """

    superuser_url: URL
    owner_url: URL
    app_url: URL


class EmbeddedPostgres:
    """One user of the embedded server of a home folder.

    Any number of processes may use the same home: the first starts the server, later ones share it,
    the last one out stops it, and one that is killed with -9 does not count. ``options`` are server
    settings that take effect when this call is the one that starts it; sizes and times in
    PostgreSQL's own notation.
    """

    def __init__(
        self,
        home: Path | None = None,
        *,
        database: str = "shuqiao",
        owner_role: str = "shuqiao_owner",
        app_role: str = "shuqiao_app",
        options: Mapping[str, str] | None = None,
        timeout_seconds: float = 60.0,
    ) -> None:
        self._home = home
        self._database = database
        self._owner_role = owner_role
        self._app_role = app_role
        self._options = dict(options or {})
        self._timeout_seconds = timeout_seconds
        self._process = os.getpid()
        self._users: int | None = None
        self._places: Places | None = None
        self._connection: ConnectionUrls | None = None

    def __repr__(self) -> str:
        return f"EmbeddedPostgres({str(self._home)!r}, started={self._connection is not None})"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def superuser_url(self) -> URL:
        """For the bootstrap and for tests that break things; no serving process gets it."""
        return self._started()[1].superuser_url

    @property
    def owner_url(self) -> URL:
        """For migrations."""
        return self._started()[1].owner_url

    @property
    def app_url(self) -> URL:
        """For serving."""
        return self._started()[1].app_url

    def start(self) -> ConnectionUrls:
        """Start or adopt the server and bootstrap roles and database; a
        second call changes nothing.

        Raises ``EmbeddedPostgresError``, with the end of the server's log where that explains it.
        """
        if self._connection is None:
            self._process = os.getpid()
            try:
                places = self._places = find_places(
                    self._home if self._home is not None else default_home()
                )
                with self._alone(places):
                    self._connection = self._join(places)
            except OSError as error:
                raise EmbeddedPostgresError(
                    f"the embedded database cannot use its files: {error}"
                ) from error
        return self._connection

    def is_alive(self) -> bool:
        """Whether the server that was started here still runs; False before ``start``."""
        return (
            self._places is not None
            and self._users is not None
            and postmaster.running(self._places) is not None
        )

    def database(self, name: str = "shuqiao") -> ConnectionUrls:
        """The URLs of another database of this server, made on first
        use, with the same two roles.
        """
        places, connection = self._started()
        with self._alone(places):
            return self._bootstrapped(
                places, Path(str(connection.superuser_url.query["host"])), name
            )

    def stop(self) -> None:
        """Leave; the last user stops the server.

        Does nothing when not started, or in a forked child.

        Raises ``EmbeddedPostgresError`` when the server does not stop in time.
        """
        if self._users is not None and self._places is not None and self._process == os.getpid():
            self._connection = None
            with self._alone(self._places):
                self._leave(self._places)

    def _started(self) -> tuple[Places, ConnectionUrls]:
        if self._connection is None or self._places is None:
            raise EmbeddedPostgresError("the embedded database has not been started")
        return self._places, self._connection

    @contextmanager
    def _alone(self, places: Places) -> Iterator[None]:
        """The start lock: whoever starts, joins, leaves or stops does so alone."""
        with locks.alone(places.lock, timeout_seconds=2 * self._timeout_seconds):
            yield

    def _join(self, places: Places) -> ConnectionUrls:
        self._users = locks.hold(places.users, shared=True, timeout_seconds=self._timeout_seconds)
        try:
            return self._prepared(places)
        except BaseException:
            self._leave(places)
            raise

    def _prepared(self, places: Places) -> ConnectionUrls:
        """The running server with its doors closed and our database in
        it; begun again when it is killed meanwhile.
        """
        for attempts_left in reversed(range(3)):
            folder = self._running(places)
            try:
                self._close_doors(places, folder)
                return self._bootstrapped(places, folder, self._database)
            except (psycopg.OperationalError, BootstrapError) as error:
                if not attempts_left or postmaster.running(places) is not None:
                    raise EmbeddedPostgresError(
                        f"the embedded database could not be prepared: {error}"
                    ) from error
        raise AssertionError("unreachable")

    def _leave(self, places: Places) -> None:
        descriptor, self._users = self._users, None
        if descriptor is not None:
            try:
                if (
                    locks.is_last(descriptor)
                    and places.data.exists()
                    and postmaster.running(places) is not None
                ):
                    self._cluster(places).halt()
            finally:
                locks.release(descriptor)

    def _cluster(self, places: Places) -> Cluster:
        return Cluster(places, self._options, timeout_seconds=self._timeout_seconds)

    def _running(self, places: Places) -> Path:
        """The socket folder of a server that answers: the running one, or one started here."""
        cluster = self._cluster(places)
        cluster.ensure()
        deadline = time.monotonic() + self._timeout_seconds
        while True:
            if postmaster.running(places) is None:
                cluster.launch()
            found = postmaster.running(places)
            problem = "it does not listen"
            if found is not None and found.socket_folder is not None:
                problem = self._refusal(places, found.socket_folder)
                if not problem:
                    return found.socket_folder
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"the embedded database does not answer: {problem}{cluster.log_tail()}"
                )
            time.sleep(0.05)

    def _refusal(self, places: Places, folder: Path) -> str:
        """Why the server does not let its superuser in yet ('' when it does)."""
        try:
            with administering(self._url(places, folder, SUPERUSER, "postgres")):
                return ""
        except psycopg.OperationalError as error:
            sentence = " ".join(str(error).split())
            if "password authentication failed" in sentence:
                raise EmbeddedPostgresError(
                    f"the password in {places.keys / 'postgres_superuser'} does not fit the "
                    "cluster: restore the file"
                ) from error
            if "authentication method requirement" in sentence:
                raise EmbeddedPostgresError(
                    f"{places.data / 'pg_hba.conf'} must say scram-sha-256: correct it"
                ) from error
            return sentence

    def _close_doors(self, places: Places, folder: Path) -> None:
        """Nobody gets in without a scram password, and only the
        superuser into the maintenance databases.
        """
        with administering(self._url(places, folder, SUPERUSER, "postgres")) as connection:
            open_rules = connection.execute(
                "select file_name, line_number from pg_hba_file_rules"
                " where auth_method is null or auth_method not in ('scram-sha-256', 'reject')"
            ).fetchall()
            if open_rules:
                file, line = open_rules[0]
                raise EmbeddedPostgresError(
                    f"{file} line {line} must say scram-sha-256: correct it"
                )
            for name in ("postgres", "template1"):
                connection.execute(
                    sql.SQL("revoke all on database {} from public").format(sql.Identifier(name))
                )

    def _bootstrapped(self, places: Places, folder: Path, database: str) -> ConnectionUrls:
        owner, app = (
            read_secret(places.keys / f"postgres_{name}", create=True) for name in ("owner", "app")
        )
        bootstrap(
            self._url(places, folder, SUPERUSER, "postgres"),
            database=database,
            owner_role=self._owner_role,
            owner_password=owner,
            app_role=self._app_role,
            app_password=app,
        )
        return ConnectionUrls(
            *(
                self._url(places, folder, role, database)
                for role in (SUPERUSER, self._owner_role, self._app_role)
            )
        )

    def _url(self, places: Places, folder: Path, role: str, database: str) -> URL:
        """Names the method of proof too, so that a false server on the
        socket cannot ask for the password itself.
        """
        name = {SUPERUSER: "superuser", self._owner_role: "owner", self._app_role: "app"}[role]
        return URL.create(
            "postgresql+psycopg",
            username=role,
            password=read_secret(places.keys / f"postgres_{name}", create=False),
            database=database,
            query={
                "host": str(folder),
                "port": str(postmaster.PORT),
                "require_auth": "scram-sha-256",
            },
        )


def embedded(
    home: Path | None = None, *, database: str = "shuqiao", options: Mapping[str, str] | None = None
) -> EmbeddedPostgres:
    """``with embedded(home) as server:``: the server of ``home``
    (default: ``shuqiao.home``) while the block runs.
    """
    return EmbeddedPostgres(home, database=database, options=options)
