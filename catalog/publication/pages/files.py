"""What the catalogue hands over as a file.

Strict routes: a slip in a filter's name would widen what leaves.
"""

from enum import StrEnum

from fastapi import APIRouter
from starlette.responses import Response

from catalog.publication import service
from catalog.publication.pages.entries import Version
from catalog.publication.views.exports import items_file
from catalog.resources.access import ReadableResource
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


class Ending(StrEnum):
    """Kinds of files the items can be had as."""

    XLSX = "xlsx"
    CSV = "csv"


@router.get("/catalog/{code}/items.{ending}")
def items_export(
    found: ReadableResource, ending: Ending, session: ReadSessionDep, version: Version = None
) -> Response:
    """The information items of the version shown, as a file."""
    entry = service.entry_shown(session, found.object, version)
    kind = FileKind(ending.value)
    name = _("%(title)s items", title=entry.title)
    return download(items_file(entry.items, kind), kind, str(name))
