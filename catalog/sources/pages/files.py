"""How far the naming of sources has come, as a file."""

from fastapi import APIRouter
from starlette.responses import Response

from catalog.elements.access import ElementReader
from catalog.sources.views.claim_pages import coverage_file
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


@router.get("/source-coverage/export")
def export(_subject: ElementReader, session: ReadSessionDep) -> Response:
    """The same figures as a file."""
    name = _("Coverage by sources %(day)s", day=today().isoformat())
    return download(coverage_file(session), FileKind.CSV, str(name))
