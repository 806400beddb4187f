"""Which database this installation uses: the configured one, or the
embedded PostgreSQL of its home.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlmodel import Session

from server.calendars.service import load_packaged
from server.process import migrating
from server.process.last_one_out import Guard
from shuqiao import db, drift
from shuqiao.context import working_on
from shuqiao.embedded import EmbeddedPostgres, EmbeddedPostgresError
from shuqiao.home import home
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
    migrated here.
    """
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


@contextmanager
def connected() -> Iterator[None]:
    """An operator's command at work: ``shuqiao.db`` is configured and
    the command has an id of its own.
    """
    with ready_database() as database, working_on():
        db.configure(database.app_url)
        try:
            _compare_clocks()
            yield
        finally:
            db.engine().dispose()


def _compare_clocks() -> None:
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
