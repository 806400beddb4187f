"""Pages of the lists of items, their versions and what differs between two states."""

from typing import Annotated

from fastapi import Query

from catalog.lists.access import ListReader, NamedList
from catalog.lists.forms.asked import DatedDep, ScopeDep, SinceDep
from catalog.lists.service import dating, reading
from catalog.lists.views.pages import (
    ComparisonPage,
    ListPage,
    ListsPage,
    VersionsPage,
    comparison_page,
    list_page,
    lists_page,
    versions_page,
)
from catalog.lists.words import By, ListKind
from shuqiao.db import ReadSessionDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()

ByParam = Annotated[By, Query()]
Kind = Annotated[ListKind | None, Query()]


@router.page("/lists")
def index(
    subject: ListReader, session: ReadSessionDep, scope: ScopeDep, dated: DatedDep
) -> ListsPage:
    wanted = reading.wanted(session, ListKind.RESPONSIBILITY, scope, dated)
    return lists_page(session, subject, scope, wanted.at)


@router.page("/lists/responsibility")
def responsibility(
    subject: ListReader,
    session: ReadSessionDep,
    asked: PageDep,
    scope: ScopeDep,
    dated: DatedDep,
    by: ByParam = By.ITEM,
) -> ListPage:
    wanted = reading.wanted(session, ListKind.RESPONSIBILITY, scope, dated)
    return list_page(session, subject, wanted, asked, by, dated)


@router.page("/lists/negative")
def negative(
    subject: ListReader,
    session: ReadSessionDep,
    asked: PageDep,
    scope: ScopeDep,
    dated: DatedDep,
    by: ByParam = By.ITEM,
) -> ListPage:
    wanted = reading.wanted(session, ListKind.NEGATIVE, scope, dated)
    return list_page(session, subject, wanted, asked, by, dated)


@router.page("/lists/demand")
def demand(
    subject: ListReader,
    session: ReadSessionDep,
    asked: PageDep,
    scope: ScopeDep,
    dated: DatedDep,
) -> ListPage:
    wanted = reading.wanted(session, ListKind.DEMAND, scope, dated)
    return list_page(session, subject, wanted, asked, By.ENTRY, dated)


@router.page("/lists/versions")
def versions(
    subject: ListReader,
    session: ReadSessionDep,
    asked: PageDep,
    scope: ScopeDep,
    kind: Kind = None,
) -> VersionsPage:
    dating.check_scope(session, scope)
    return versions_page(session, subject, scope, kind, asked)


@router.page("/lists/{kind}/comparison")
def compare(
    kind: NamedList,
    subject: ListReader,
    session: ReadSessionDep,
    scope: ScopeDep,
    since: SinceDep,
    until: DatedDep,
) -> ComparisonPage:
    return comparison_page(session, subject, kind, scope, since, until)
