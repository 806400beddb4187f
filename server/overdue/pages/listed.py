"""The page of what is overdue."""

from typing import Annotated

from fastapi import Query

from server.overdue.access import Reader
from server.overdue.views import OverduePage, asked_for, overdue_page
from shuqiao.db import ReadSessionDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()
#: A form sends empty fields too.
Word = Annotated[str, Query(max_length=40)]


@router.page("/overdue")
def index(
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    basis: Word = "",
    clock: Word = "",
    case_no: Word = "",
) -> OverduePage:
    """What is overdue in the reader's reach, the longest overdue first."""
    return overdue_page(session, subject, wanted, asked_for(basis, clock, case_no))
