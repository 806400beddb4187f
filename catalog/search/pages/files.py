"""What a search found, as a file.

A strict route: a slip in a filter's name would widen what leaves.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from auth.identify import SubjectDep
from catalog.search import service
from catalog.search.forms import AskedDep
from catalog.search.views.exports import catalogue_file
from shuqiao import clock
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


@router.get("/catalog/export")
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
    file = catalogue_file(session, subject, service.wanted(session, asked), kind)
    name = _("Catalogue %(day)s", day=clock.today().isoformat())
    return download(file, kind, str(name))
