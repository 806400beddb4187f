"""The approval queue (申请审核): what waits for the reader, by due date,
and what they have dealt with.
"""

from dataclasses import replace
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from auth.identify import SubjectDep
from exchange.requests.views.queue import done_tasks, open_tasks
from shuqiao.db import ReadSessionDep
from shuqiao.web.engine import page
from shuqiao.web.paging import PageDep

router = APIRouter()

#: Of what is done, this many are shown where nothing is left to do.
LAST_DONE: Final = 5


@router.get("/tasks")
def tasks_page(
    request: Request,
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    tab: Annotated[Literal["open", "done"], Query(description="Which of the two lists")] = "open",
) -> Response:
    """Both lists hold the reader's own tasks only."""
    waiting = open_tasks(session, subject)
    if tab == "done":
        done, following = done_tasks(session, subject, wanted)
    else:
        done, following = (
            ([], None)
            if waiting
            else done_tasks(session, subject, replace(wanted, limit=LAST_DONE))
        )
    values = {
        "tab": tab,
        "waiting": waiting,
        "done": done,
        "is_first": wanted.after is None,
        "next_href": wanted.href(following) if following and tab == "done" else "",
    }
    return page(request, "approvals/tasks.html", values)
