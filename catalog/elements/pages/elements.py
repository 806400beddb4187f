"""Pages of data elements, open to whoever reads the catalogue."""

from catalog.elements.access import ElementReader, ReadableElement, SoughtDep, VersionNumber
from catalog.elements.views.element import ElementPage, element_page
from catalog.elements.views.listing import ElementsPage, elements_page
from catalog.elements.views.versions import (
    VersionPage,
    VersionsPage,
    version_page,
    versions_page,
)
from shuqiao.db import ReadSessionDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/elements")
def index(
    subject: ElementReader, session: ReadSessionDep, wanted: PageDep, sought: SoughtDep
) -> ElementsPage:
    """The data elements that every item is to follow, and the search among them."""
    return elements_page(session, subject, wanted, sought)


@router.page("/elements/{identifier}/versions")
def versions(found: ReadableElement, session: ReadSessionDep) -> VersionsPage:
    """Every published version of an element, with what became different."""
    return versions_page(session, found)


@router.page("/elements/{identifier}/versions/{number}")
def version(found: ReadableElement, number: VersionNumber, session: ReadSessionDep) -> VersionPage:
    """One version as it was published."""
    return version_page(session, found, number)


@router.page("/elements/{identifier}")
def one(found: ReadableElement, session: ReadSessionDep) -> ElementPage:
    """One data element: what it is called, means and looks like, and who follows it."""
    return element_page(session, found)
