"""The list of the data shared most (高频共享数据清单): counted from demand and use, ranked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session

from catalog.lists.repository import frequent as repository
from catalog.lists.schemas import FrequentLine, Scope
from catalog.lists.service.dating import end_of
from shuqiao.clock import today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject
from shuqiao.web.slots import Slot


@dataclass(frozen=True, slots=True)
class Use:
    """How often an entry was asked for, by how many departments, granted and delivered."""

    requests: int = 0
    departments: int = 0
    grants: int = 0
    deliveries: int = 0


#: What was used in a span of time, by entry: the exchange knows.
Counting = Callable[[Session, datetime, datetime], Mapping[UUID, Use]]
USE: Slot[Counting] = Slot(lambda _session, _begins, _ends: {})
_NONE: Final = Use()


#: Nothing was recorded before; the day before its first one can still be counted.
_FIRST_YEAR: Final = 2000


def month_of(text: str) -> date:
    """The first day of a month written as 2026-02; without it, of this one. Raises ``Invalid``."""
    if not text:
        return today().replace(day=1)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = date.max
    if first > today() or first.year < _FIRST_YEAR:
        detail = _("There is no such month yet, or ever")
        fix = _("Write year and month of this month or an earlier one, as 2026-02.")
        raise Invalid(errors=[FieldError("/month", "unknown", detail, fix)])
    return first


def ranked(session: Session, subject: Subject, scope: Scope, first: date) -> Sequence[FrequentLine]:
    """What was asked for most in a month: requests and voices of demands together, then deliveries;
    what nobody asked for or fetched is not in it.
    """
    begins, ends = end_of(first - timedelta(days=1)), end_of(_last(first))
    used = USE.held(session, begins, ends)
    voices = repository.voices(session, begins, ends)
    found = repository.entries(session, subject, {*used, *voices}, scope)
    counted = [
        (resource, department, used.get(resource.id, _NONE), voices.get(resource.id, 0))
        for resource, department in found
    ]
    counted.sort(
        key=lambda row: (-row[2].requests - row[3], -row[2].deliveries, -row[2].grants, row[0].code)
    )
    return [
        FrequentLine(
            rank=rank,
            code=resource.code,
            title=resource.title,
            department=department.name,
            department_code=department.code,
            share_type=str(resource.share_type.label),
            asked=use.requests + said,
            requests=use.requests,
            voices=said,
            departments=use.departments,
            grants=use.grants,
            deliveries=use.deliveries,
        )
        for rank, (resource, department, use, said) in enumerate(counted, start=1)
    ]


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
