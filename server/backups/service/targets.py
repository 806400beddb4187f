"""The database of this installation as its owner enters it, and what is recorded there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, make_url

from audit.append import ObjectRef, append
from audit.events import Event
from server.backups.errors import BackupRefused
from server.process.database import compare_clocks
from server.process.last_one_out import Guard
from shuqiao import db
from shuqiao.context import locale, working_on
from shuqiao.embedded import EmbeddedPostgres
from shuqiao.home import home
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.subject import Subject


@dataclass(frozen=True, slots=True)
class Target:
    """Both addresses of one database."""

    owner_url: URL
    app_url: URL


def role_of(url: str) -> str:
    return str(make_url(url).username)


def is_embedded() -> bool:
    return not settings().database_url


@contextmanager
def database() -> Iterator[Target]:
    """It, while the block runs; the embedded one is started or joined, and never migrated.

    Raises ``BackupRefused`` when the owner's address is not given.
    """
    given = settings()
    if given.database_url:
        yield Target(_owner_url(), make_url(given.database_url))
        return
    with (
        Guard(home()),
        EmbeddedPostgres(home(), owner_role=given.owner_role, app_role=given.app_role) as server,
    ):
        yield Target(server.owner_url, server.app_url)


@contextmanager
def working(target: Target) -> Iterator[None]:
    """The service's own ways of asking, as the application role."""
    with working_on(locale=locale()):
        db.configure(target.app_url.render_as_string(hide_password=False))
        try:
            compare_clocks()
            yield
        finally:
            db.engine().dispose()


def record(event: Event, digest: str, why: Mapping[str, Any]) -> None:
    """An act of the operator on the backup whose manifest has this SHA-256."""
    with db.unit_of_work() as session:
        append(
            session,
            Subject.system("cli"),
            event,
            stream=f"backup:{digest[:16]}",
            obj=ObjectRef("Backup", digest[:16]),
            why={"manifest": digest, **why},
        )


def _owner_url() -> URL:
    given = settings().owner_database_url
    if not given:
        raise BackupRefused(
            _("SHUQIAO_OWNER_DATABASE_URL is not set: only the owner sees all of the database.")
        )
    return make_url(given)
