"""HTTP of what is overdue."""

from typing import Annotated

from fastapi import APIRouter, Query

from server.overdue.access import Reader
from server.overdue.schemas import OverdueRead
from server.overdue.views import listed
from shuqiao.db import ReadSessionDep
from shuqiao.desk.late import Asked
from shuqiao.limits import Basis
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["desk"], route_class=StrictRoute)


@router.get("/overdue", operation_id="overdue_list", summary="What is overdue in my reach")
def list_overdue(
    subject: Reader,
    session: ReadSessionDep,
    wanted: PageDep,
    basis: Annotated[Basis | None, Query(description="On what the limit rests")] = None,
    clock: Annotated[str | None, Query(max_length=40, description="Kind of the limit")] = None,
    case_no: Annotated[str, Query(max_length=40, description="Start of the case number")] = "",
) -> Page[OverdueRead]:
    asked = Asked(basis, clock, case_no.strip())
    rows, following = listed(session, subject, asked, wanted)
    return Page(items=rows, next=following)
