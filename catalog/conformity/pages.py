"""Pages of conformity reports: the counts, the failing values, the same as a file."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from catalog.conformity.access import (
    AttachedEdition,
    AttachedInWork,
    ReadableEdition,
    ReadableInWork,
    shown,
)
from catalog.conformity.views.pages import (
    Checked,
    ConformityPage,
    FailuresPage,
    checked_edition,
    checked_row,
    conformity_page,
    failures_file,
    failures_page,
)
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()
ItemName = Annotated[str, Query(max_length=100)]


@router.page("/resources/{code}/editions/{number}/conformity")
def of_edition(found: ReadableEdition, session: ReadSessionDep) -> ConformityPage:
    """How far an edition keeps to its standards; asks again by itself while it is checked."""
    return conformity_page(found.subject, checked_edition(session, shown(found)))


@router.page("/resources/{code}/editions/{number}/conformity/failures")
def failures_of_edition(
    found: AttachedEdition, session: ReadSessionDep, wanted: PageDep, item: ItemName = ""
) -> FailuresPage:
    return failures_page(session, checked_edition(session, found.object), wanted, item)


@router.get("/resources/{code}/editions/{number}/conformity/failures.csv")
def file_of_edition(found: AttachedEdition, session: ReadSessionDep) -> Response:
    return _file(session, checked_edition(session, found.object))


@router.page("/resources/{code}/conformity")
def in_work(found: ReadableInWork, session: ReadSessionDep) -> ConformityPage:
    """The same of the data that a draft or a working copy would be published with."""
    return conformity_page(found.subject, checked_row(session, found.object))


@router.page("/resources/{code}/conformity/failures")
def failures_in_work(
    found: AttachedInWork, session: ReadSessionDep, wanted: PageDep, item: ItemName = ""
) -> FailuresPage:
    return failures_page(session, checked_row(session, found.object), wanted, item)


@router.get("/resources/{code}/conformity/failures.csv")
def file_in_work(found: AttachedInWork, session: ReadSessionDep) -> Response:
    return _file(session, checked_row(session, found.object))


def _file(session: ReadSessionDep, checked: Checked) -> Response:
    name = _("%(title)s failing values", title=checked.resource.title)
    return download(failures_file(session, checked), FileKind.CSV, str(name))
