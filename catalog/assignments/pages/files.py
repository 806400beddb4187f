"""The empty sheet of lines, the answers and the board as files.

Strict routes: a slip in a filter's name would widen what leaves.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog.assignments.access import AssignmentLister, TemplateLister, WantedDep
from catalog.assignments.views.assignments import answers_file
from catalog.assignments.views.board import board_file, read_board
from catalog.assignments.views.templates import sheet_file
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)

Kind = Annotated[FileKind, Query(alias="format", description="Kind of the file")]


@router.get("/list-templates/sheet")
def sheet(_subject: TemplateLister, kind: Kind = FileKind.XLSX) -> Response:
    """An empty list with the heads of all columns."""
    return download(sheet_file(kind), kind, str(_("Sheet for a list template")))


@router.get("/assignments/export")
def answers(
    subject: AssignmentLister, session: ReadSessionDep, like: WantedDep, kind: Kind = FileKind.XLSX
) -> Response:
    """Exactly what the list shows, all pages of it, with the answers."""
    name = _("Answers of the departments %(day)s", day=today().isoformat())
    return download(answers_file(session, subject, like, kind), kind, str(name))


@router.get("/assignments/board/export")
def board(
    subject: AssignmentLister, session: ReadSessionDep, like: WantedDep, kind: Kind = FileKind.CSV
) -> Response:
    name = _("Claim and fill %(day)s", day=today().isoformat())
    return download(board_file(read_board(session, subject, like), kind), kind, str(name))
