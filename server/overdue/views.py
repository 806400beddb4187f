"""The overdue list as pages, programs and files show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.departments import repository as departments
from auth.roles import Role
from policies.clocks import Clock
from server.overdue.schemas import OverdueRead
from server.overdue.service import reach_of
from shuqiao.clock import today
from shuqiao.desk import late
from shuqiao.desk.calendar import CalendarMissing, WorkDays
from shuqiao.desk.due import title_of
from shuqiao.desk.late import Asked, Late
from shuqiao.desk.models import Todo
from shuqiao.i18n import Message, _
from shuqiao.limits import Basis
from shuqiao.subject import Subject
from shuqiao.web.downloads import FileKind, TitledColumn, table_file
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

#: The kinds of clocks as cases bear them: one name for both replies.
KINDS: Final[Sequence[str]] = (
    "reply",
    *(each.value for each in Clock if not each.value.startswith(("request_reply", "update_"))),
)
_COLUMNS: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("Case number"), 20),
    TitledColumn(_("Limit"), 20),
    TitledColumn(_("What is to be done"), 48),
    TitledColumn(_("Whose turn"), 20),
    TitledColumn(_("Department"), 24),
    TitledColumn(_("Overdue since"), 14),
    TitledColumn(_("Working days late"), 10),
    TitledColumn(_("Breach of the limit"), 10),
    TitledColumn(_("Basis of the limit"), 32),
)


@dataclass(frozen=True, slots=True)
class OverduePage(Page):
    """One page of the list. ``kinds``: what it can be narrowed to."""

    template = "overdue/list.html"
    rows: Sequence[OverdueRead]
    filters: Form
    is_narrowed: bool
    bases: Sequence[tuple[str, Message]]
    kinds: Sequence[tuple[str, Message]]
    is_administration: bool
    export_href: str
    next_href: str
    is_first: bool


def overdue_page(
    session: Session, subject: Subject, wanted: PageRequest, asked: Asked
) -> OverduePage:
    rows, following = listed(session, subject, asked, wanted)
    return OverduePage(
        rows=rows,
        filters=Form.of(_told(asked)),
        is_narrowed=asked != Asked(),
        bases=[(each.value, each.label) for each in Basis],
        kinds=[(each, title_of(each)) for each in KINDS],
        is_administration=subject.has(Role.DATA_ADMIN),
        export_href=_export_href(asked),
        next_href=wanted.href(following) if following else "",
        is_first=wanted.after is None,
    )


def listed(
    session: Session, subject: Subject, asked: Asked, wanted: PageRequest | None = None
) -> tuple[list[OverdueRead], str | None]:
    """What is overdue in the reach of ``subject``, the longest first; all without ``wanted``."""
    reach = reach_of(session, subject)
    rows, following = late.page(session, today(), reach, asked, wanted)
    calendar, names = WorkDays(session), _Names(session, rows)
    return [_read(calendar, names, row) for row in rows], following


def overdue_file(session: Session, subject: Subject, asked: Asked, kind: FileKind) -> IO[bytes]:
    """The whole list as a file."""
    found, _end = listed(session, subject, asked)
    rows = (
        (
            each.case_no,
            each.clock_label,
            each.what,
            each.turn,
            each.department,
            each.overdue_since,
            each.working_days_late if each.working_days_late is not None else "",
            each.is_breach,
            each.basis_label,
        )
        for each in found
    )
    return table_file(kind, _("What is overdue"), _COLUMNS, rows)


def asked_for(basis: str, clock: str, case_no: str) -> Asked:
    """What the fields of the page narrow the list to; what is no word of it narrows nothing."""
    return Asked(
        Basis(basis) if basis in set(Basis) else None,
        clock if clock in KINDS else None,
        case_no.strip(),
    )


def _told(asked: Asked) -> dict[str, str]:
    return {
        "basis": asked.basis.value if asked.basis else "",
        "clock": asked.clock or "",
        "case_no": asked.case_no,
    }


def _export_href(asked: Asked) -> str:
    query = urlencode({name: value for name, value in _told(asked).items() if value})
    return f"/overdue/export?{query}" if query else "/overdue/export"


class _Names:
    """What departments and people of the tasks are called, looked up once for all rows."""

    def __init__(self, session: Session, rows: Sequence[Late]) -> None:
        tasks = [row.todo for row in rows if row.todo is not None]
        self._people: Mapping[UUID, str] = accounts.user_names(
            session, {todo.user_id for todo in tasks if todo.user_id}
        )
        self._departments: Mapping[UUID, str] = departments.names(
            session, {todo.department_id for todo in tasks if todo.department_id}
        )

    def turn(self, todo: Todo | None) -> str:
        if todo is None:
            return ""
        if todo.user_id is not None:
            return self._people.get(todo.user_id, "")
        return str(Role(todo.role).label)

    def department(self, todo: Todo | None) -> str:
        if todo is None or todo.department_id is None:
            return ""
        return self._departments.get(todo.department_id, "")


def _read(calendar: WorkDays, names: _Names, row: Late) -> OverdueRead:
    clock, todo = row.clock, row.todo
    return OverdueRead(
        case_no=clock.case_no,
        clock=clock.kind,
        clock_label=str(title_of(clock.kind)),
        what=str(Message.from_json(todo.what)) if todo else "",
        turn=names.turn(todo),
        department=names.department(todo),
        overdue_since=row.passed,
        working_days_late=_late(calendar, row),
        is_breach=row.is_breach,
        basis=clock.basis,
        basis_label=str(clock.limit.source),
        href=todo.href if todo else "",
    )


def _late(calendar: WorkDays, row: Late) -> int | None:
    try:
        return calendar.between(row.passed, today())
    except CalendarMissing:
        return None
