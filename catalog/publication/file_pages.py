"""What the catalogue hands over as a file.

Strict routes: a slip in a filter's name would widen what leaves.
"""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from auth.guard import Authorized, may
from auth.identify import SubjectDep
from catalog.publication import searching, service
from catalog.publication.asked import AskedDep
from catalog.publication.exports import catalogue_file, items_file
from catalog.publication.pages import Version
from catalog.resources.finding import seen_by_code
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao import clock
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.examples import Example, example
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


class Ending(StrEnum):
    """Kinds of files the items can be had as."""

    XLSX = "xlsx"
    CSV = "csv"


@router.get("/catalog/export")
@example(
    Example(
        world="published_resource",
        who="applicant",
        success=200,
        visibility="all_departments",
        query={"q": "学校", "format": "csv"},
    )
)
def export(
    subject: SubjectDep,
    session: ReadSessionDep,
    asked: AskedDep,
    kind: Annotated[
        FileKind, Query(alias="format", description="Kind of the file")
    ] = FileKind.XLSX,
) -> Response:
    """Exactly what the list shows, all pages of it, as a file.

    A read of the catalogue, which is not recorded.
    """
    file = catalogue_file(session, subject, searching.wanted(session, asked), kind)
    name = _("Catalogue %(day)s", day=clock.today().isoformat())
    return download(file, kind, str(name))


@router.get("/catalog/{code}/items.{ending}")
@example(
    Example(
        world="published_resource",
        who="applicant",
        success=200,
        visibility="all_departments",
        path={"code": lambda world: world.resource_code, "ending": "csv"},
    )
)
def items_export(
    found: Annotated[Authorized[DataResource], may(Action.RESOURCE_READ, seen_by_code)],
    ending: Ending,
    session: ReadSessionDep,
    version: Version = None,
) -> Response:
    """The information items of the version shown, as a file."""
    entry = service.entry_shown(session, found.object, version)
    kind = FileKind(ending.value)
    name = _("%(title)s items", title=entry.title)
    return download(items_file(entry.items, kind), kind, str(name))
