"""What is due as a file.

A strict route: a slip in a filter's name would widen what leaves.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog.updates.access import BoardReader
from catalog.updates.pages.board import Word
from catalog.updates.views.board import asked_for, board_file
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


@router.get("/updates/export")
def export(
    subject: BoardReader,
    session: ReadSessionDep,
    department: Word = "",
    kind: Word = "",
    basis: Word = "",
    urgency: Word = "",
    file_kind: Annotated[FileKind, Query(alias="format", description="Kind of the file")] = (
        FileKind.CSV
    ),
) -> Response:
    """All of it, as it is narrowed."""
    asked = asked_for(department, kind, basis, urgency)
    name = _("Updates that are due %(day)s", day=today().isoformat())
    return download(board_file(session, subject, asked, file_kind), file_kind, str(name))
