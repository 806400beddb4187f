"""HTTP of the data shared most, and of sheets that come back."""

from typing import Annotated

from fastapi import APIRouter, Query

from auth.once import OnceDep
from catalog.lists.access import ListReader, NamedList
from catalog.lists.forms.asked import ScopeDep
from catalog.lists.forms.sheets import rows_in
from catalog.lists.schemas import Frequent, SheetRead
from catalog.lists.service import dating, frequent
from catalog.lists.service.returned import compare
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.bodies import FILE_BODY, FileDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["lists"], route_class=StrictRoute)


@router.get("/lists/frequent", operation_id="lists_frequent", summary="The data shared most")
def shared_most(
    subject: ListReader,
    session: ReadSessionDep,
    scope: ScopeDep,
    month: Annotated[str, Query(max_length=7, description="Month, as 2026-02")] = "",
) -> Frequent:
    dating.check_scope(session, scope)
    first = frequent.month_of(month)
    items = list(frequent.ranked(session, subject, scope, first))
    return Frequent(month=f"{first:%Y-%m}", items=items)


@router.post(
    "/lists/{kind}/returned",
    operation_id="lists_check_sheet",
    summary="What a returned sheet says otherwise than the list",
    openapi_extra=FILE_BODY,
)
def look(
    kind: NamedList,
    subject: ListReader,
    scope: ScopeDep,
    file: FileDep,
    once: OnceDep,
    session: SessionDep,
) -> SheetRead:
    """Nothing is changed."""
    rows = rows_in(file, kind)  # decoding holds no connection
    once.take(repr((kind, scope, rows)).encode())
    dating.check_scope(session, scope)
    return once.keep(compare(session, subject, kind, scope, rows))
