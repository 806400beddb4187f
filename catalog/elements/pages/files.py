"""What the standards hand over as a file.

A strict route: a slip in a filter's name would widen what leaves.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog.elements.access import Adopter, ElementReader, SoughtDep
from catalog.elements.views.imports import template_file
from catalog.elements.views.listing import elements_file
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


@router.get("/elements/export")
def export(
    subject: ElementReader,
    session: ReadSessionDep,
    sought: SoughtDep,
    kind: Annotated[
        FileKind, Query(alias="format", description="Kind of the file")
    ] = FileKind.XLSX,
) -> Response:
    """Exactly what the list shows, all pages of it, as a file."""
    name = _("Data elements %(day)s", day=today().isoformat())
    return download(elements_file(session, subject, sought, kind), kind, str(name))


@router.get("/elements/template")
def template(
    _subject: Adopter,
    kind: Annotated[
        FileKind, Query(alias="format", description="Kind of the file")
    ] = FileKind.XLSX,
) -> Response:
    """An empty list with the heads of all columns."""
    return download(template_file(kind), kind, str(_("Template for data elements")))
