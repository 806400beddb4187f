"""HTTP of conformity reports."""

from typing import Annotated

from fastapi import APIRouter, Query

from catalog.conformity.access import (
    AttachedEdition,
    AttachedInWork,
    ReadableEdition,
    ReadableInWork,
    shown,
)
from catalog.conformity.schemas import ConformityRead, FailureRead
from catalog.conformity.views.pages import checked_edition, checked_row, failures
from shuqiao.db import ReadSessionDep
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)
ItemName = Annotated[str, Query(max_length=100, description="Name of an item; all without it")]


@router.get(
    "/resources/{code}/editions/{number}/conformity",
    operation_id="resources_edition_conformity",
    summary="How far an edition keeps to its standards",
)
def of_edition(found: ReadableEdition, session: ReadSessionDep) -> ConformityRead:
    return checked_edition(session, shown(found)).standing.read


@router.get(
    "/resources/{code}/editions/{number}/conformity/failures",
    operation_id="resources_edition_failures",
    summary="Values of an edition that break a rule",
)
def failures_of_edition(
    found: AttachedEdition, session: ReadSessionDep, wanted: PageDep, item: ItemName = ""
) -> Page[FailureRead]:
    rows, following = failures(session, checked_edition(session, found.object), wanted, item)
    return Page(items=list(rows), next=following)


@router.get(
    "/resources/{code}/conformity",
    operation_id="resources_conformity",
    summary="How far data that is worked on keeps to its standards",
)
def in_work(found: ReadableInWork, session: ReadSessionDep) -> ConformityRead:
    return checked_row(session, found.object).standing.read


@router.get(
    "/resources/{code}/conformity/failures",
    operation_id="resources_failures",
    summary="Values of data that is worked on that break a rule",
)
def failures_in_work(
    found: AttachedInWork, session: ReadSessionDep, wanted: PageDep, item: ItemName = ""
) -> Page[FailureRead]:
    rows, following = failures(session, checked_row(session, found.object), wanted, item)
    return Page(items=list(rows), next=following)
