"""HTTP of the lists of items, their versions and what differs between two states."""

from typing import Annotated

from fastapi import APIRouter, Query

from catalog.lists.access import ListReader, NamedList
from catalog.lists.forms.asked import DatedDep, ScopeDep, SinceDep
from catalog.lists.repository import lines as repository
from catalog.lists.repository import versions
from catalog.lists.schemas import (
    Comparison,
    DemandPage,
    NegativePage,
    ResponsibilityPage,
    Summary,
    VersionRead,
)
from catalog.lists.service import dating, demands, every, lines, reading
from catalog.lists.words import By, ListKind
from shuqiao.db import ReadSessionDep
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["lists"], route_class=StrictRoute)

ByParam = Annotated[By, Query(description="A line an item, or an entry with its items")]
Kind = Annotated[ListKind | None, Query(description="Of one list")]


@router.get("/lists", operation_id="lists_summary", summary="How long the three lists are")
def index(
    subject: ListReader, session: ReadSessionDep, scope: ScopeDep, dated: DatedDep
) -> Summary:
    wanted = reading.wanted(session, ListKind.RESPONSIBILITY, scope, dated)
    return reading.summary(session, subject, scope, wanted.at)


@router.get(
    "/lists/responsibility",
    operation_id="lists_responsibility",
    summary="The responsibility list",
)
def responsibility(
    subject: ListReader,
    session: ReadSessionDep,
    asked: PageDep,
    scope: ScopeDep,
    dated: DatedDep,
    by: ByParam = By.ITEM,
) -> ResponsibilityPage:
    wanted = reading.wanted(session, ListKind.RESPONSIBILITY, scope, dated)
    items, following = lines.page(session, subject, wanted, asked, by)
    total = repository.count(session, subject, wanted, by)
    return ResponsibilityPage.model_validate(
        {"kind": wanted.kind, "by": by, "as_of": wanted.at, "total": total}
        | {"items": [dict(each) for each in items], "next": following}
    )


@router.get("/lists/negative", operation_id="lists_negative", summary="The negative list")
def negative(
    subject: ListReader,
    session: ReadSessionDep,
    asked: PageDep,
    scope: ScopeDep,
    dated: DatedDep,
    by: ByParam = By.ITEM,
) -> NegativePage:
    wanted = reading.wanted(session, ListKind.NEGATIVE, scope, dated)
    items, following = lines.page(session, subject, wanted, asked, by)
    total = repository.count(session, subject, wanted, by)
    return NegativePage.model_validate(
        {"kind": wanted.kind, "by": by, "as_of": wanted.at, "total": total}
        | {"items": [dict(each) for each in items], "next": following}
    )


@router.get("/lists/demand", operation_id="lists_demand", summary="The demand list")
def demand(
    subject: ListReader,
    session: ReadSessionDep,
    asked: PageDep,
    scope: ScopeDep,
    dated: DatedDep,
) -> DemandPage:
    wanted = reading.wanted(session, ListKind.DEMAND, scope, dated)
    items, following = demands.page(session, subject, wanted, asked)
    return DemandPage(
        kind=wanted.kind,
        by=By.ENTRY,
        as_of=wanted.at,
        total=every.count(session, subject, wanted),
        items=items,
        next=following,
    )


@router.get("/lists/versions", operation_id="lists_versions", summary="Versions of the lists")
def dated_versions(
    subject: ListReader,
    session: ReadSessionDep,
    asked: PageDep,
    scope: ScopeDep,
    kind: Kind = None,
) -> Page[VersionRead]:
    dating.check_scope(session, scope)
    rows, following = versions.page(session, subject, asked, scope, kind)
    return Page(items=reading.version_reads(rows), next=following)


@router.get(
    "/lists/{kind}/comparison",
    operation_id="lists_compare",
    summary="What differs between two states of a list",
)
def compare(
    kind: NamedList,
    subject: ListReader,
    session: ReadSessionDep,
    scope: ScopeDep,
    since: SinceDep,
    until: DatedDep,
) -> Comparison:
    return reading.compared(session, subject, kind, scope, since, until)
