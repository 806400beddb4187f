"""What is overdue as a file.

A strict route: a slip in a filter's name would widen what leaves.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from server.overdue.access import Reader
from server.overdue.pages.listed import Word
from server.overdue.views import asked_for, overdue_file
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


@router.get("/overdue/export")
def export(
    subject: Reader,
    session: ReadSessionDep,
    basis: Word = "",
    clock: Word = "",
    case_no: Word = "",
    kind: Annotated[FileKind, Query(alias="format", description="Kind of the file")] = FileKind.CSV,
) -> Response:
    """The whole list, as it is narrowed."""
    name = _("What is overdue %(day)s", day=today().isoformat())
    found = overdue_file(session, subject, asked_for(basis, clock, case_no), kind)
    return download(found, kind, str(name))
