"""Which database this installation uses: the configured one, or the
embedded PostgreSQL of its home.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session

from server.calendars.service import load_packaged
from server.keys.service.registering import Registrar
from server.process import migrating
from server.process.last_one_out import Guard
from server.tables import REVISION, revision_of
from shuqiao import db, drift, keys
from shuqiao.context import locale, working_on
from shuqiao.embedded import EmbeddedPostgres, EmbeddedPostgresError
from shuqiao.home import home, refuse_unfinished
from shuqiao.settings import settings
from shuqiao.subject import Subject

log = structlog.get_logger("database")


@dataclass(slots=True)
class Database:
    """The application role's URL, and the embedded server behind it when there is one."""

    app_url: str
    embedded: EmbeddedPostgres | None = None
    guard: Guard | None = None

    @property
    def pipes(self) -> tuple[int, ...]:
        """Descriptors that a serving process inherits, so that the guard waits for its end too."""
        return () if self.guard is None else (self.guard.pipe,)

    def revive(self) -> bool:
        """Start the embedded server again when it is gone; True when it had to."""
        if self.guard is not None:
            self.guard.keep()
        if self.embedded is None or self.embedded.is_alive():
            return False
        started = time.monotonic()
        try:
            self.embedded.stop()
            self.embedded.start()
        except (EmbeddedPostgresError, OSError) as error:
            log.error("database_not_revived", error=str(error))
            return True
        log.warning("database_revived", seconds=round(time.monotonic() - started, 2))
        return True


@contextmanager
def ready_database() -> Iterator[Database]:
    """A migrated database with the packaged calendars, for as long as the block runs.

    With ``SHUQIAO_DATABASE_URL`` the operator migrates (``shuqiao migrate``); the embedded one is
    migrated here. Raises ``HomeUnfinished``.
    """
    refuse_unfinished()
    configured = settings().database_url
    if configured:
        yield Database(configured)
        return
    owner, app = settings().owner_role, settings().app_role
    with Guard(home()) as guard, EmbeddedPostgres(home(), owner_role=owner, app_role=app) as server:
        owner_url = server.owner_url.render_as_string(hide_password=False)
        app_url = server.app_url.render_as_string(hide_password=False)
        with migrating.turn(owner_url):
            migrating.upgrade(owner_url)
            load_calendars(app_url)
        yield Database(app_url, server, guard)


class OtherRevision(RuntimeError):
    """The database is not at the revision of this program; one sentence says which is at what."""


@contextmanager
def connected() -> Iterator[None]:
    """An operator's command at work: ``shuqiao.db`` is configured, the command has an id of its own
    and uses no key but the registered ones.
    """
    with (
        ready_database() as database,
        working_on(locale=locale()),
        keys.registered_in(Registrar("cli")),
    ):
        db.configure(database.app_url)
        try:
            _compare_revisions()
            compare_clocks()
            yield
        finally:
            db.engine().dispose()


def _compare_revisions() -> None:
    """Raises ``OtherRevision``: tables of another shape are neither read nor changed."""
    try:
        with db.reading() as session:
            found = revision_of(session)
    except ProgrammingError:  # it was never migrated
        found = None
    if found != REVISION:
        raise OtherRevision(
            f"the database is at revision {found or 'none'}, this program needs {REVISION}: run "
            "`shuqiao migrate` with the newer of the two programs"
        )


def compare_clocks() -> None:
    """Raises ``ClocksApart``: a command changes no less than a request."""
    with db.reading() as session:
        drift.look(session)
    refusal = drift.refusal()
    if refusal is not None:
        raise refusal


@contextmanager
def operating() -> Iterator[Session]:
    """A session for an operator's command, committed at the end."""
    with connected(), db.unit_of_work() as session:
        yield session


def load_calendars(app_url: str) -> list[int]:
    """Load the packaged State Council notices of years not loaded yet; gives those years."""
    db.configure(app_url)
    with db.unit_of_work() as session:
        loaded = load_packaged(session, Subject.system("cli"))
    db.engine().dispose()
    return loaded
