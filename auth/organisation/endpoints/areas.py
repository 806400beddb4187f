"""HTTP of the register of areas."""

from typing import Annotated

from fastapi import APIRouter, Query

from audit.receipts import receipt
from auth.areas import repository as areas
from auth.areas import service as registering
from auth.areas.schemas import AreaEnd, AreaRead, AreaRegister, WantedAreas
from auth.areas.words import AreaKind
from auth.once import OnceDep
from auth.organisation.access import AreaBrowser, AreaRegistrar, BrowsedArea, EndableArea
from auth.organisation.schemas import AreaChanged
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["departments"], route_class=StrictRoute)
_CODE = "^([1-9][0-9]{5})?$"


@router.get("/areas", operation_id="areas_list", summary="Areas")
def list_areas(
    subject: AreaBrowser,
    session: ReadSessionDep,
    asked: PageDep,
    q: Annotated[str, Query(max_length=100, description="Words of names, or first digits")] = "",
    within: Annotated[
        str, Query(pattern=_CODE, description="Code of an area, with those below it")
    ] = "",
    parent: Annotated[str, Query(pattern=_CODE, description="Code of the area above")] = "",
    kind: Annotated[AreaKind | None, Query(description="Division or functional area")] = None,
) -> Page[AreaRead]:
    """By code, ended ones too."""
    rows, following = areas.page(session, WantedAreas(q, within, parent, kind), asked)
    return Page(items=[AreaRead.of(area) for area in rows], next=following)


@router.get("/areas/{code}", operation_id="areas_show", summary="One area")
def show_area(found: BrowsedArea) -> AreaRead:
    return AreaRead.of(found.object)


@router.post(
    "/areas",
    status_code=201,
    operation_id="areas_register",
    summary="Register a functional area",
)
def register_area(
    body: AreaRegister, subject: AreaRegistrar, session: SessionDep, once: OnceDep
) -> AreaChanged:
    area = registering.register_functional(session, subject, body)
    return once.keep(AreaChanged(**dict(AreaRead.of(area)), **receipt(session)))


@router.post(
    "/areas/{code}/end",
    status_code=201,
    operation_id="areas_end",
    summary="End a functional area",
)
def end_area(body: AreaEnd, found: EndableArea, session: SessionDep, once: OnceDep) -> AreaChanged:
    area = registering.end_functional(session, found.subject, found.object, body)
    return once.keep(AreaChanged(**dict(AreaRead.of(area)), **receipt(session)))
