"""The board of what is due: by department as a drawing and as figures, and every update."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import IO, Final
from urllib.parse import urlencode

from sqlmodel import Session

from auth.guard import is_allowed
from auth.roles import Role
from catalog.updates.lifecycle import OPENS
from catalog.updates.models import CAUSES
from catalog.updates.repository import board as repository
from catalog.updates.repository.board import Asked, Owed
from catalog.updates.schemas import UpdateListed, UpdateSum
from catalog.updates.views.changes import TONES
from catalog.updates.words import ChangeKind, UpdateStatus, Urgency
from policies.actions import Action
from shuqiao.clock import today
from shuqiao.desk.due import dues_of
from shuqiao.i18n import Message, _
from shuqiao.limits import Basis
from shuqiao.subject import Subject
from shuqiao.web.downloads import FileKind, TitledColumn, table_file
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest
from shuqiao.web.slots import PageSlot

#: What else is looked at again on a date: filled by the rooms that know of it.
AGAIN: Final[PageSlot[date]] = PageSlot()
#: Departments that the drawing shows; the table has all.
_DRAWN: Final = 12
_COLUMNS: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("Number"), 16),
    TitledColumn(_("Resource code"), 18),
    TitledColumn(_("Catalogue name or data"), 32),
    TitledColumn(_("Department"), 28),
    TitledColumn(_("What changed"), 18),
    TitledColumn(_("Name, number and article"), 48),
    TitledColumn(_("Day of the change"), 14),
    TitledColumn(_("What is to be done"), 32),
    TitledColumn(_("State"), 14),
    TitledColumn(_("Basis of the limit"), 20),
    TitledColumn(_("Due on"), 14),
    TitledColumn(_("Working days left"), 10),
)


@dataclass(frozen=True, slots=True)
class Group:
    """What one entry owes, together; without a code: new data that has no entry."""

    code: str
    url_code: str
    title: str
    department: str
    updates: Sequence[UpdateListed]


@dataclass(frozen=True, slots=True)
class Bar:
    """One department of the drawing, in hundredths of the longest."""

    name: str
    overdue: int
    of_law: int
    of_policy: int
    updates: int


@dataclass(frozen=True, slots=True)
class BoardPage(Page):
    """One page of the board. ``looked_at``: what else is looked at again soon."""

    template = "updates/board.html"
    groups: Sequence[Group]
    sums: Sequence[UpdateSum]
    bars: Sequence[Bar]
    filters: Form
    is_narrowed: bool
    is_administration: bool
    may_record: bool
    kinds: Sequence[tuple[str, Message]]
    bases: Sequence[tuple[str, Message]]
    urgencies: Sequence[tuple[str, Message]]
    tones: Mapping[UpdateStatus, str]
    panels: Sequence[object]
    export_href: str
    next_href: str
    is_first: bool


def board_page(session: Session, subject: Subject, wanted: PageRequest, asked: Asked) -> BoardPage:
    rows, following = repository.page(session, subject, asked, today(), wanted)
    sums = figures(session, subject, asked)
    told = _told(asked)
    return BoardPage(
        groups=_groups(session, rows),
        sums=sums,
        bars=_bars(sums),
        filters=Form.of(told),
        is_narrowed=asked != Asked(),
        is_administration=subject.has(Role.DATA_ADMIN),
        may_record=is_allowed(subject, Action.CAUSE_RECORD, CAUSES),
        kinds=[(each.value, each.label) for each in ChangeKind if OPENS[each].clock],
        bases=[(each.value, each.label) for each in (Basis.STATUTORY, Basis.LOCAL, Basis.POLICY)],
        urgencies=[(each.value, each.label) for each in Urgency],
        tones=TONES,
        panels=AGAIN.shown(session, subject, today()),
        export_href=_href("/updates/export", told),
        next_href=wanted.href(following) if following else "",
        is_first=wanted.after is None,
    )


def listed(
    session: Session, subject: Subject, asked: Asked, wanted: PageRequest
) -> tuple[list[UpdateListed], str | None]:
    """What is owed, the most urgent entry first; a page has so many entries."""
    rows, following = repository.page(session, subject, asked, today(), wanted)
    return _read(session, rows), following


def figures(session: Session, subject: Subject, asked: Asked) -> list[UpdateSum]:
    """The same by department."""
    found = repository.figures(session, subject, asked, today())
    return [UpdateSum.model_validate(each) for each in found]


def board_file(session: Session, subject: Subject, asked: Asked, kind: FileKind) -> IO[bytes]:
    """All that is owed as a file, as it is narrowed."""
    found, _end = repository.page(session, subject, asked, today(), None)
    rows = (
        (
            each.change_no,
            each.resource_code,
            each.resource_title,
            each.department,
            each.kind_label,
            each.basis,
            each.changed_on,
            each.task,
            each.status_label,
            each.limit_basis_label,
            each.due_on or "",
            each.working_days_left if each.working_days_left is not None else "",
        )
        for each in _read(session, found)
    )
    return table_file(kind, _("Updates that are due"), _COLUMNS, rows)


def asked_for(department: str, kind: str, basis: str, urgency: str) -> Asked:
    """What the fields of the page narrow the board to; what is no word of it narrows nothing."""
    return Asked(
        department.strip(),
        ChangeKind(kind) if kind in set(ChangeKind) else None,
        Basis(basis) if basis in set(Basis) else None,
        Urgency(urgency) if urgency in set(Urgency) else None,
    )


def _told(asked: Asked) -> dict[str, str]:
    return {
        "department": asked.department,
        "kind": asked.kind or "",
        "basis": asked.basis or "",
        "urgency": asked.urgency or "",
    }


def _href(path: str, told: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in told.items() if value})
    return f"{path}?{query}" if query else path


def _groups(session: Session, rows: Sequence[Owed]) -> list[Group]:
    """``rows`` come together by entry."""
    read = zip(rows, _read(session, rows), strict=True)
    found = []
    for _key, run in groupby(read, key=lambda pair: repository.together(pair[0].change)):
        updates = [update for _row, update in run]
        first = updates[0]
        url_code = first.resource_code.replace("/", "-")
        told = (first.resource_code, url_code, first.resource_title, first.department)
        found.append(Group(*told, updates))
    return found


def _bars(sums: Sequence[UpdateSum]) -> list[Bar]:
    longest = max((each.updates for each in sums), default=1)

    def share(count: int) -> int:
        return round(100 * count / longest)

    return [
        Bar(
            name=each.department,
            overdue=share(each.overdue_of_law),
            of_law=share(each.of_law - each.overdue_of_law),
            of_policy=share(each.updates - each.of_law),
            updates=each.updates,
        )
        for each in sums[:_DRAWN]
    ]


def _read(session: Session, rows: Sequence[Owed]) -> list[UpdateListed]:
    dues = dues_of(session, [row.clock for row in rows])
    return [
        UpdateListed(
            **row.change.model_dump(include=set(UpdateListed.model_fields)),
            kind_label=str(row.change.kind.label),
            task=str(OPENS[row.change.kind].task),
            department=row.department.name,
            department_code=row.department.code,
            status_label=str(row.change.status.label),
            limit_basis=row.clock.basis,
            limit_basis_label=str(row.clock.limit.source),
            due_on=row.clock.due_on,
            working_days_left=due.remaining,
            is_overdue=due.state == "overdue",
        )
        for row, due in zip(rows, dues, strict=True)
    ]
