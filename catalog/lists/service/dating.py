"""Which state of a list is meant: now, at the end of a day, or of a version."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from auth.areas import repository as areas
from auth.areas.words import NATION
from auth.departments import repository as departments
from auth.departments.words import Level
from catalog.lists.repository import versions
from catalog.lists.schemas import Scope
from catalog.lists.words import ListKind
from shuqiao.clock import BEIJING, now, today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment as it is asked for: a day, a version of the list of the department, or neither: now.

    ``day``, ``number``: what the parameters are called.
    """

    on: date | None = None
    version: int | None = None
    day: str = "on"
    number: str = "version"


def check_scope(session: Session, scope: Scope) -> None:
    """Raises ``Invalid`` naming what there is not."""
    if scope.department and departments.by_code(session, scope.department) is None:
        raise _wrong(
            "department",
            _("No department has this credit code"),
            _("Take the code from the list of departments."),
        )
    if scope.area and scope.area != NATION and areas.by_code(session, scope.area) is None:
        raise _wrong("area", _("There is no such area"), _("Take the code from the list of areas."))


def scope_of(department: str, area: str, level: str) -> Scope:
    """A scope as a form says it; a level that is none is none."""
    known = Level(level) if level in set(Level) else None
    return Scope(department.strip().upper(), area.strip(), known)


def moment(session: Session, kind: ListKind, scope: Scope, asked: Dated) -> datetime:
    """The moment that is meant. Raises ``Invalid`` naming the parameter."""
    if asked.version is not None:
        if not scope.department:
            raise _wrong(
                asked.number,
                _("Versions are counted by department"),
                _("Name the department too, or ask for a day."),
            )
        found = versions.one(session, kind, scope.department, asked.version)
        if found is None:
            raise _wrong(
                asked.number,
                _("The list of this department has no such version"),
                _("Take the number from its versions."),
            )
        return found.at
    if asked.on is None or asked.on == today():
        return now()
    if asked.on > today():
        raise _wrong(
            asked.day,
            _("Nobody knows the list of a day to come"),
            _("Ask for today or an earlier day."),
        )
    return end_of(asked.on)


def end_of(day: date) -> datetime:
    """The last moment of a Beijing day."""
    begins = datetime.combine(day + timedelta(days=1), time(), BEIJING)
    return begins - timedelta(microseconds=1)


def _wrong(name: str, detail: Message, fix: Message) -> Invalid:
    return Invalid(errors=[FieldError(f"/{name}", "unknown", detail, fix)])
