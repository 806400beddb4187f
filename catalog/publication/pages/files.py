"""What the catalogue hands over as a file.

Strict routes: a slip in a filter's name would widen what leaves.
"""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog.publication import service
from catalog.publication.access import SelfReviewsReader
from catalog.publication.pages.entries import Version
from catalog.publication.views.exports import items_file, self_reviews_file
from catalog.resources.access import ReadableResource
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


class Ending(StrEnum):
    """Kinds of files the items can be had as."""

    XLSX = "xlsx"
    CSV = "csv"


@router.get("/self-reviews/export")
def self_reviews_export(
    _subject: SelfReviewsReader,
    session: ReadSessionDep,
    kind: Annotated[FileKind, Query(alias="format", description="Kind of the file")] = FileKind.CSV,
) -> Response:
    """The whole list of what the data administration decided about itself."""
    name = _("Reviews of the own department %(day)s", day=today().isoformat())
    return download(self_reviews_file(session, kind), kind, str(name))


@router.get("/catalog/{code}/items.{ending}")
def items_export(
    found: ReadableResource, ending: Ending, session: ReadSessionDep, version: Version = None
) -> Response:
    """The information items of the version shown, as a file."""
    entry = service.entry_shown(session, found.object, version)
    kind = FileKind(ending.value)
    name = _("%(title)s items", title=entry.title)
    return download(items_file(entry.items, kind), kind, str(name))
