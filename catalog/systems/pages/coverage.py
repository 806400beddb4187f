"""Pages of what the register covers, and of the sheet for the approval of a project."""

from catalog.systems.access import ReadableSystem, ReadableSystemsOf, SystemLister
from catalog.systems.views.coverage import (
    CoveragePage,
    SheetPage,
    coverage,
    sheet_of_system,
    sheet_page,
)
from shuqiao.db import ReadSessionDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@router.page("/systems/coverage")
def covered(subject: SystemLister, session: ReadSessionDep) -> CoveragePage:
    """Of each department how many of its systems at work have a published entry."""
    return CoveragePage(coverage=coverage(session, subject))


@router.page("/systems/{no}/sheet")
def of_system(found: ReadableSystem, session: ReadSessionDep) -> SheetPage:
    """What one system has in the catalogue, to be printed."""
    return sheet_of_system(session, found.object)


@router.page("/departments/{code}/sheet")
def of_department(found: ReadableSystemsOf, session: ReadSessionDep) -> SheetPage:
    """What all systems of a department have in the catalogue, to be printed."""
    return sheet_page(session, found.object.department, None)
