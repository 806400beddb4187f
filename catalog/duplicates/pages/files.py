"""Suspected duplicates as a file.

A strict route: a slip in a filter's name would widen what leaves.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog.duplicates.access import DuplicatesReader
from catalog.duplicates.views.listing import duplicates_file
from catalog.duplicates.words import Suspicion
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


@router.get("/duplicates/export")
def export(
    subject: DuplicatesReader,
    session: ReadSessionDep,
    state: Suspicion | None = None,
    kind: Annotated[FileKind, Query(alias="format", description="Kind of the file")] = FileKind.CSV,
) -> Response:
    """The whole list, as it is narrowed."""
    name = _("Suspected duplicates %(day)s", day=today().isoformat())
    return download(duplicates_file(session, subject, state, kind), kind, str(name))
