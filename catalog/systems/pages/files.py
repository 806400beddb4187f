"""What the register covers and the sheet for the approval of a project, as files.

Strict routes: a slip in a filter's name would widen what leaves.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog.systems.access import ReadableSystem, ReadableSystemsOf, SystemLister
from catalog.systems.views.coverage import (
    coverage,
    coverage_file,
    sheet_file,
    sheet_of_system,
    sheet_page,
)
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)

Kind = Annotated[FileKind, Query(alias="format", description="Kind of the file")]


@router.get("/systems/coverage/export")
def covered_file(
    subject: SystemLister, session: ReadSessionDep, kind: Kind = FileKind.CSV
) -> Response:
    name = _("Coverage of systems %(day)s", day=today().isoformat())
    return download(coverage_file(coverage(session, subject), kind), kind, str(name))


@router.get("/systems/{no}/sheet/export")
def of_system_file(
    found: ReadableSystem, session: ReadSessionDep, kind: Kind = FileKind.CSV
) -> Response:
    name = _("State of the catalogue %(what)s", what=found.object.system_no)
    return download(sheet_file(sheet_of_system(session, found.object), kind), kind, str(name))


@router.get("/departments/{code}/sheet/export")
def of_department_file(
    found: ReadableSystemsOf, session: ReadSessionDep, kind: Kind = FileKind.CSV
) -> Response:
    department = found.object.department
    name = _("State of the catalogue %(what)s", what=department.name)
    return download(sheet_file(sheet_page(session, department, None), kind), kind, str(name))
