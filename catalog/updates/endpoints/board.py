"""HTTP of what is due."""

from typing import Annotated

from fastapi import APIRouter, Query

from catalog.updates.access import BoardReader
from catalog.updates.repository.board import Asked
from catalog.updates.schemas import UpdateListed, UpdateSums
from catalog.updates.views.board import figures, listed
from catalog.updates.words import ChangeKind, Urgency
from shuqiao.db import ReadSessionDep
from shuqiao.limits import Basis
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["change events"], route_class=StrictRoute)

Department = Annotated[str, Query(max_length=18, description="Code of the department")]
Kind = Annotated[ChangeKind | None, Query(description="What changed")]
OnBasis = Annotated[Basis | None, Query(description="On what the limit rests")]
How = Annotated[Urgency | None, Query(description="Overdue, or due within seven days")]


@router.get("/updates", operation_id="updates_list", summary="Updates that are due in my reach")
def list_due(
    subject: BoardReader,
    session: ReadSessionDep,
    wanted: PageDep,
    department: Department = "",
    kind: Kind = None,
    basis: OnBasis = None,
    urgency: How = None,
) -> Page[UpdateListed]:
    asked = Asked(department, kind, basis, urgency)
    rows, following = listed(session, subject, asked, wanted)
    return Page(items=rows, next=following)


@router.get(
    "/updates/figures",
    operation_id="updates_figures",
    summary="How many updates each department owes",
)
def count_due(
    subject: BoardReader,
    session: ReadSessionDep,
    department: Department = "",
    kind: Kind = None,
    basis: OnBasis = None,
    urgency: How = None,
) -> UpdateSums:
    asked = Asked(department, kind, basis, urgency)
    return UpdateSums(items=figures(session, subject, asked))
