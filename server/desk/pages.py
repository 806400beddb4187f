"""The desk's page: what I must do (待办), the most urgent first, and what I was told (消息)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from server.desk.access import Reader
from server.desk.views import message_list
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.desk import messages, todos
from shuqiao.desk.calendar import CalendarMissing, WorkDays
from shuqiao.desk.messages import Kind
from shuqiao.errors import BadRequest
from shuqiao.i18n import Message, _, ngettext
from shuqiao.subject import Subject
from shuqiao.texts import Strict
from shuqiao.web.engine import page
from shuqiao.web.forms import FormDep, FormInvalid
from shuqiao.web.paging import PageDep

router = APIRouter()

#: From this many working days on a task is urgent (reminders are sent
#: two days and one day before the end).
URGENT_DAYS: Final = 2
TASKS_SHOWN: Final = 100
MESSAGES_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One task as pages show it. ``tone`` says how urgent it is, ``left`` says it in words."""

    case_no: str
    what: str
    href: str
    due_on: date | None
    left: Message | None
    tone: Literal["danger", "warning", "info", "neutral"]


class MessagesRead(Strict):
    """Which messages were read: those named, or all up to one."""

    message: Annotated[list[UUID], Field(max_length=200)] = Field(default_factory=list)
    until: UUID | None = None


@router.get("/desk")
def desk_page(
    request: Request,
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    unread: Annotated[bool, Query(description="Only unread messages")] = False,
    kind: Kind | None = None,
) -> Response:
    """Tasks and messages of the reader; the second page of messages and on leaves the tasks out."""
    asked = replace(wanted, limit=min(wanted.limit, MESSAGES_SHOWN))
    told = message_list(session, subject, asked, unread_only=unread, kind=kind)
    is_first = wanted.after is None
    values = {
        "tasks": tasks_shown(session, subject, limit=TASKS_SHOWN) if is_first else [],
        "is_first": is_first,
        "total": todos.count_for(session, subject),
        "told": told,
        "is_unread_only": unread,
        "kind": kind,
        "kinds": messages.counts(session, subject),
        "next_href": wanted.href(told.next) if told.next else "",
    }
    return page(request, "desk/desk.html", values)


@router.post("/desk/messages/reads", status_code=303)
def mark_read(subject: Reader, session: SessionDep, form: FormDep) -> Response:
    """Mark the named messages as read.

    Doing it twice changes nothing; those of others are passed over.
    """
    try:
        read = form.parse(MessagesRead)
    except FormInvalid:
        raise BadRequest(_("The form does not name messages; load the page again.")) from None
    if read.until is not None:
        messages.mark_all_read(session, subject, until=read.until)
    messages.mark_read(session, subject, read.message)
    return RedirectResponse("/desk#messages", 303)


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


def _urgency(
    left: int | None,
) -> tuple[Message | None, Literal["danger", "warning", "info", "neutral"]]:
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
