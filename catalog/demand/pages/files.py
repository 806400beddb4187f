"""A month of demands as a file."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from catalog.demand.access import DemandLister
from catalog.demand.service import figures as counting
from catalog.demand.views.pages import figures_file
from shuqiao.db import ReadSessionDep
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, download
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(route_class=StrictRoute)


@router.get("/demands/figures/export")
def export(
    subject: DemandLister,
    session: ReadSessionDep,
    month: Annotated[str, Query(max_length=7)] = "",
) -> Response:
    """The figures of the month: numerator, denominator, rate."""
    found = counting.figures(session, subject, month)
    name = _("Demands in figures %(month)s", month=found.month)
    return download(figures_file(found), FileKind.CSV, str(name))
