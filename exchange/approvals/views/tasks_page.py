"""The queue of answers (审核): what waits for the reader, by due date, and what was dealt with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from sqlmodel import Session

from exchange.requests.views.queue import Task, done_tasks, open_tasks
from shuqiao.subject import Subject
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

#: Of what is done, this many are shown where nothing is left to do.
LAST_DONE: Final = 5

Tab = Literal["open", "done"]


@dataclass(frozen=True, slots=True)
class TasksPage(Page):
    template = "approvals/tasks.html"
    tab: Tab
    waiting: Sequence[Task]
    done: Sequence[Task]
    is_first: bool
    next_href: str


def tasks_page(session: Session, subject: Subject, wanted: PageRequest, tab: Tab) -> TasksPage:
    """Both lists hold the reader's own tasks only."""
    waiting = open_tasks(session, subject)
    done: Sequence[Task] = ()
    following = None
    if tab == "done":
        done, following = done_tasks(session, subject, wanted)
    elif not waiting:
        done, _more = done_tasks(session, subject, replace(wanted, limit=LAST_DONE))
    return TasksPage(
        tab=tab,
        waiting=waiting,
        done=done,
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
    )
