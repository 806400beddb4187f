"""HTTP of suspected duplicates."""

from fastapi import APIRouter

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.duplicates.access import (
    DismissableSuspicion,
    DuplicatesReader,
    Narrowed,
    ReadableSuspicion,
)
from catalog.duplicates.repository import listed as repository
from catalog.duplicates.schemas import DismissalCreate, SuspicionDismissed, SuspicionRead
from catalog.duplicates.service import ruling
from catalog.duplicates.views.listing import read_models
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["duplicates"], route_class=StrictRoute)


@router.get(
    "/duplicates",
    operation_id="duplicates_list",
    summary="List items that are likely to be a data element, the likeliest first",
)
def list_duplicates(
    subject: DuplicatesReader, session: ReadSessionDep, wanted: PageDep, state: Narrowed = None
) -> Page[SuspicionRead]:
    rows, following = repository.page(session, subject, wanted, state)
    return Page(items=read_models(session, rows), next=following)


@router.get(
    "/duplicates/{suspicion}",
    operation_id="duplicates_show",
    summary="Show a suspected duplicate with its evidence",
)
def show(found: ReadableSuspicion, session: ReadSessionDep) -> SuspicionRead:
    return read_models(session, [found.object])[0]


@router.post(
    "/duplicates/{suspicion}/dismissals",
    status_code=201,
    operation_id="duplicates_dismiss",
    summary="Say that a suspected duplicate is none",
)
def dismiss(
    found: DismissableSuspicion, body: DismissalCreate, session: SessionDep, once: OnceDep
) -> SuspicionDismissed:
    row = ruling.dismiss(session, found.subject, found.object, body)
    (shown,) = read_models(session, [row])
    return once.keep(SuspicionDismissed(**dict(shown), **receipt(session)))
