"""HTTP of the data shared most, and of sheets that come back."""

from typing import Annotated

from fastapi import APIRouter, Query

from catalog.lists.access import ListReader
from catalog.lists.forms.asked import ScopeDep
from catalog.lists.forms.sheets import rows_in
from catalog.lists.schemas import Frequent, SheetRead
from catalog.lists.service import dating, frequent
from catalog.lists.service.returned import compare
from catalog.lists.words import ListKind
from shuqiao.db import ReadSessionDep
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
    kind: ListKind,
    subject: ListReader,
    scope: ScopeDep,
    file: FileDep,
    session: ReadSessionDep,
) -> SheetRead:
    """Nothing is changed."""
    rows = rows_in(file.file, file.filename, kind)
    dating.check_scope(session, scope)
    return compare(session, subject, kind, scope, rows)
