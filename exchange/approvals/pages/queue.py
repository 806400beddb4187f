"""The approval queue (申请审核)."""

from typing import Annotated

from fastapi import Query

from auth.identify import SubjectDep
from exchange.approvals.views.tasks_page import Tab, TasksPage, tasks_page
from shuqiao.db import ReadSessionDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/tasks")
def index(
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    tab: Annotated[Tab, Query(description="Which of the two lists")] = "open",
) -> TasksPage:
    return tasks_page(session, subject, wanted, tab)
