"""The boxes of the start page, each from a source of its own: one that
fails says so and the page lives on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Generic, TypeVar

import structlog
from sqlmodel import Session

from auth.departments import repository as departments
from auth.roles import Role
from catalog.publication.repository import reviews as publications
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.schemas import ResourceSummary
from catalog.resources.words import ResourceStatus
from exchange.grants import repository as grants
from shuqiao import clock
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

log = structlog.get_logger("home")
T = TypeVar("T")

#: How many lines of each list the start page shows.
SHOWN: Final = 5
#: From how many days before its end on a grant is shown as ending.
EXPIRING_DAYS: Final = 30
WEEK: Final = timedelta(days=7)
#: Not yet published: what a department is still working on.
_UNDER_WAY: Final = (ResourceStatus.RETURNED, ResourceStatus.IN_REVIEW, ResourceStatus.DRAFT)
KEEPERS: Final = frozenset({Role.REGISTRAR, Role.DEPARTMENT_HEAD, Role.DATA_ADMIN})


@dataclass(frozen=True, slots=True)
class Box(Generic[T]):
    """What a box shows; ``has_failed`` when its source did not answer."""

    content: T | None
    has_failed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """An entry published lately; version 1 is a new one."""

    code: str
    title: str
    provider: str
    version: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """A grant that ends soon; ``days`` 0: today is its last day."""

    grant_no: str
    title: str
    valid_until: date
    days: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What the catalogue holds for this reader."""

    resources: int
    items: int
    providers: int


def box(session: Session, load: Callable[[], T]) -> Box[T]:
    """``load`` inside a savepoint, so that a statement that fails takes
    nothing else of the page with it.
    """
    try:
        with session.begin_nested():
            return Box(load())
    except Exception as error:  # whatever it was: the rest of the page is worth more
        log.exception("box_failed", source=getattr(load, "__qualname__", ""), exc_info=error)
        return Box(None, has_failed=True)


def under_way(session: Session, subject: Subject) -> list[ResourceSummary]:
    """Entries and changes on their way into the catalogue, those that were returned first."""
    wanted = PageRequest(limit=SHOWN)
    rows = [
        row
        for status in _UNDER_WAY
        for row in resources.page(session, subject, wanted, status=status, with_copies=True)[0]
    ]
    return registering.summaries(session, rows[:SHOWN])


def changed_lately(session: Session, subject: Subject) -> list[Change]:
    """Entries published within the last seven days that ``subject`` may see, the latest first."""
    rows = publications.published_since(session, subject, clock.now() - WEEK, limit=SHOWN)
    names = departments.names(session, {resource.provider_id for resource, _version in rows})
    return [
        Change(row.code, row.title, names[row.provider_id], version.version, version.published_at)
        for row, version in rows
    ]


def ending_soon(session: Session, subject: Subject) -> list[Ending]:
    """Active grants of the reader's own department that end within 30
    days, the next to end first.
    """
    today = clock.today()
    last = today + timedelta(days=EXPIRING_DAYS)
    rows = grants.ending_between(session, subject, today, last, limit=SHOWN)
    return [
        Ending(row.grant_no, row.resource_title, row.valid_until, (row.valid_until - today).days)
        for row in rows
    ]


def figures(session: Session, subject: Subject) -> Figures:
    """How much the catalogue holds, by the same rule as its search."""
    number, providers = resources.count_published(session, subject)
    return Figures(number, resources.count_published_items(session, subject), providers)
