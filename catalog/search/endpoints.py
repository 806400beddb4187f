"""HTTP of the search over everything published."""

from typing import Annotated

from fastapi import APIRouter, Query

from catalog.resources.access import ResourceReader
from catalog.search import service
from catalog.search.forms import AskedDep
from catalog.search.schemas import CatalogPage
from catalog.search.service import Counting
from shuqiao.db import ReadSessionDep
from shuqiao.web.paging import PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["catalog"], route_class=StrictRoute)


@router.get("/catalog", operation_id="catalog_search", summary="Search what is published")
def search(
    subject: ResourceReader,
    session: ReadSessionDep,
    wanted: PageDep,
    asked: AskedDep,
    count: Annotated[
        Counting, Query(description="`capped` at 5,000, `exact`, or `none`: no counts at all")
    ] = "capped",
) -> CatalogPage:
    return service.search(session, subject, service.wanted(session, asked), wanted, count)
