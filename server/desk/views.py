"""What waits for somebody and what they were told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from sqlmodel import Session

from auth.roles import Role
from server.desk.schemas import MessageList, MessageRead, TodoList, TodoRead
from shuqiao.clock import today
from shuqiao.desk import messages, todos
from shuqiao.desk.calendar import CalendarMissing, WorkDays
from shuqiao.desk.messages import Kind, kind_of
from shuqiao.i18n import Message, _, ngettext
from shuqiao.subject import Subject
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

#: From this many working days on a task is urgent (reminders are sent
#: two days and one day before the end).
URGENT_DAYS: Final = 2
TASKS_SHOWN: Final = 100
MESSAGES_SHOWN: Final = 20

#: For whom the way to the overdue list is shown.
OVERDUE_ROLES: Final = frozenset({Role.DEPARTMENT_HEAD, Role.SHARING_HEAD, Role.DATA_ADMIN})
#: For whom the way to what is due in the catalogue is shown.
UPDATE_ROLES: Final = frozenset({Role.REGISTRAR, Role.DEPARTMENT_HEAD, Role.DATA_ADMIN})

Tone = Literal["danger", "warning", "info", "neutral"]


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One task as pages show it. ``tone`` says how urgent it is, ``left`` says it in words."""

    case_no: str
    what: str
    href: str
    due_on: date | None
    left: Message | None
    tone: Tone


@dataclass(frozen=True, slots=True)
class DeskPage(Page):
    """``total``: all tasks, of which the most urgent are shown. ``kinds``: how many messages there
    are of each.
    """

    template = "desk/desk.html"
    tasks: Sequence[TaskShown]
    total: int
    told: MessageList
    kind: Kind | None
    kinds: Mapping[Kind, int]
    is_unread_only: bool
    is_first: bool
    next_href: str
    has_overdue: bool
    has_updates: bool


def desk_page(
    session: Session, subject: Subject, wanted: PageRequest, kind: Kind | None, *, unread_only: bool
) -> DeskPage:
    """Tasks and messages; the second page of messages and on leaves the tasks out."""
    asked = replace(wanted, limit=min(wanted.limit, MESSAGES_SHOWN))
    told = message_list(session, subject, asked, unread_only=unread_only, kind=kind)
    is_first = wanted.after is None
    return DeskPage(
        tasks=tasks_shown(session, subject, limit=TASKS_SHOWN) if is_first else (),
        total=todos.count_for(session, subject),
        told=told,
        kind=kind,
        kinds=messages.counts(session, subject),
        is_unread_only=unread_only,
        is_first=is_first,
        next_href=wanted.href(told.next) if told.next else "",
        has_overdue=not OVERDUE_ROLES.isdisjoint(subject.roles),
        has_updates=not UPDATE_ROLES.isdisjoint(subject.roles),
    )


def todo_list(session: Session, subject: Subject) -> TodoList:
    """The tasks in the reader's language; used by the page too."""
    items = [
        TodoRead(
            id=todo.id,
            case_no=todo.case_no,
            what=str(Message.from_json(todo.what)),
            href=todo.href,
            due_on=todo.due_on,
            created_at=todo.created_at,
        )
        for todo in todos.open_for(session, subject)
    ]
    return TodoList(items=items, total=todos.count_for(session, subject))


def message_list(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    *,
    unread_only: bool = False,
    kind: Kind | None = None,
) -> MessageList:
    """A page of messages in the reader's language; used by the pages too."""
    rows, following = messages.page(session, subject, wanted, unread_only=unread_only, kind=kind)
    items = [
        MessageRead(
            id=sent.id,
            what=str(Message.from_json(sent.what)),
            kind=kind_of(sent.href),
            href=sent.href,
            created_at=sent.created_at,
            read_at=sent.read_at,
        )
        for sent in rows
    ]
    return MessageList(items=items, next=following, unread=messages.unread_count(session, subject))


def tasks_shown(session: Session, subject: Subject, *, limit: int) -> list[TaskShown]:
    """The open tasks of ``subject`` with what is left of their time, the most urgent first."""
    found = todos.open_for(session, subject, limit=limit)
    left = dict(_days_left(session, {todo.due_on for todo in found if todo.due_on}))
    return [
        TaskShown(
            todo.case_no,
            str(Message.from_json(todo.what)),
            todo.href,
            todo.due_on,
            *_urgency(left.get(todo.due_on)),
        )
        for todo in found
    ]


def _days_left(session: Session, days: set[date]) -> Iterator[tuple[date | None, int]]:
    """Working days from today to each of ``days``, negative for the
    past; a day without calendar is left out.
    """
    present, calendar = today(), WorkDays(session)
    for day in days:
        try:
            if day < present:
                yield day, -max(1, calendar.between(day, present))
            else:
                yield day, calendar.between(present, day)
        except CalendarMissing:
            continue


def _urgency(left: int | None) -> tuple[Message | None, Tone]:
    if left is None:
        return None, "neutral"
    if left < 0:
        return ngettext(
            "%(days)s working day overdue", "%(days)s working days overdue", -left, days=-left
        ), "danger"
    if left == 0:
        return _("Due today"), "danger"
    return ngettext(
        "%(days)s working day left", "%(days)s working days left", left, days=left
    ), "warning" if left <= URGENT_DAYS else "info"
