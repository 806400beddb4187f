"""The page of what is due."""

from typing import Annotated

from fastapi import Query

from catalog.updates.access import BoardReader
from catalog.updates.views.board import BoardPage, asked_for, board_page
from shuqiao.db import ReadSessionDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()
#: A form sends empty fields too.
Word = Annotated[str, Query(max_length=40)]


@router.page("/updates")
def index(
    subject: BoardReader,
    session: ReadSessionDep,
    wanted: PageDep,
    department: Word = "",
    kind: Word = "",
    basis: Word = "",
    urgency: Word = "",
) -> BoardPage:
    """All that is owed in the reader's reach, the most urgent first."""
    return board_page(session, subject, wanted, asked_for(department, kind, basis, urgency))
