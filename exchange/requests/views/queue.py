"""What waits for a reader in the way of requests, and what they have
dealt with: the approval queue (申请审核).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from auth.departments import repository as departments
from exchange.requests import repository
from exchange.requests.lifecycle import LIFECYCLE
from exchange.requests.models import ShareRequest
from exchange.requests.repository import CASES
from exchange.requests.words import TONES, RequestStatus
from shuqiao.desk import due, todos
from shuqiao.desk.due import Due
from shuqiao.desk.models import Todo
from shuqiao.desk.todos import OpenTodo
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Tasks shown at once; who has more works through the first ones anyway.
LONGEST: Final = 200


#: The kinds of tasks in short words.
_STEPS: Final[Mapping[str, Message]] = {
    todo.kind: todo.short for todo in LIFECYCLE.waiting().values()
}


@dataclass(frozen=True, slots=True)
class Task:
    """One task about a request, open or done."""

    step: Message
    href: str
    request: ShareRequest
    title: str
    consumer: str
    item_count: int
    tone: str
    due: Due | None
    received_at: datetime
    done_at: datetime | None

    @property
    def status(self) -> RequestStatus:
        return self.request.status


def open_tasks(session: Session, subject: Subject) -> list[Task]:
    """What waits for the reader, what is due first at the top; without
    a date last, the oldest first.
    """
    waiting = [
        todo
        for todo in todos.open_for(session, subject, limit=LONGEST)
        if todo.case_no.startswith(CASES)
    ]
    return _shown(session, subject, waiting)


def next_task(session: Session, subject: Subject, *, beside: str = "") -> Task | None:
    """The task to open next, another one than that of the case ``beside``."""
    waiting = [
        todo
        for todo in todos.open_for(session, subject)
        if todo.case_no.startswith(CASES) and todo.case_no != beside
    ]
    return next(iter(_shown(session, subject, waiting[:1])), None)


def done_tasks(
    session: Session, subject: Subject, wanted: PageRequest
) -> tuple[list[Task], str | None]:
    """One page of what the reader dealt with, the latest first."""
    rows, following = repository.done_todos(session, subject, wanted)
    return _shown(session, subject, rows), following


def _shown(session: Session, subject: Subject, found: Sequence[Todo | OpenTodo]) -> list[Task]:
    """The tasks whose request the reader may see: who changed
    department keeps what was done, not the view of it.
    """
    numbers = {todo.case_no for todo in found}
    rows = repository.by_numbers(session, subject, numbers)
    requests = {row.request_no: row for row in rows}
    titles = repository.titles(session, {row.resource_id for row in rows})
    counts = repository.item_counts(session, {row.id for row in rows})
    dues = dues_of(session, numbers)
    homes = departments.names(session, {row.consumer_id for row in rows})
    return [
        Task(
            step=_STEPS.get(todo.kind) or Message.from_json(todo.what),
            href=todo.href,
            request=requests[todo.case_no],
            title=titles[requests[todo.case_no].resource_id],
            consumer=homes[requests[todo.case_no].consumer_id],
            item_count=counts.get(requests[todo.case_no].id, 0),
            tone=TONES[requests[todo.case_no].status],
            due=dues.get(todo.case_no),
            received_at=todo.created_at,
            done_at=todo.done_at,
        )
        for todo in found
        if todo.case_no in requests
    ]


def dues_of(session: Session, numbers: set[str]) -> Mapping[str, Due]:
    """The reply clock of each case that has one."""
    clocks = repository.reply_clocks(session, numbers)
    cases = [clock.case_no for clock in clocks]
    return dict(zip(cases, due.dues_of(session, clocks), strict=True))
