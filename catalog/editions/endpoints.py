"""HTTP of the editions of an entry's data."""

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.editions import repository
from catalog.editions.access import (
    ReadableEdition,
    RenewedResource,
    RenewedResourceSeen,
    SettledEdition,
    sees_all,
)
from catalog.editions.models import Edition
from catalog.editions.schemas import (
    EditionChanged,
    EditionRead,
    RefreshChanged,
    RefreshRead,
    RefreshUpdate,
)
from catalog.editions.service import editions, refreshing
from catalog.resources.access import ReadableResource
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)


@router.get(
    "/resources/{code}/editions",
    operation_id="resources_editions",
    summary="Editions of the data of an entry",
)
def list_editions(
    found: ReadableResource, session: ReadSessionDep, wanted: PageDep
) -> Page[EditionRead]:
    with_all = sees_all(found.subject, found.object)
    rows, following = repository.page(session, found.object.id, wanted, with_all=with_all)
    shown = [EditionRead.of(row, with_report=with_all) for row in rows]
    return Page(items=shown, next=following)


@router.get(
    "/resources/{code}/editions/{number}",
    operation_id="resources_show_edition",
    summary="Show one edition of the data",
)
def show_edition(found: ReadableEdition, response: Response) -> EditionRead:
    with_all = sees_all(found.subject, found.object.resource)
    if found.object.current_from is None and not with_all:
        raise NotFound
    response.headers["ETag"] = etag(found.object.version)
    return EditionRead.of(found.object, with_report=with_all)


@router.post(
    "/resources/{code}/editions/{number}/checks",
    status_code=202,
    operation_id="resources_check_edition",
    summary="Check a held edition again",
)
def check_again(
    found: SettledEdition,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> EditionChanged:
    editions.check_again(session, found.subject, found.object, version)
    return once.keep(_changed(session, found.object, response))


@router.post(
    "/resources/{code}/editions/{number}/drops",
    status_code=201,
    operation_id="resources_drop_edition",
    summary="Drop a held edition",
)
def drop(
    found: SettledEdition,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> EditionChanged:
    editions.drop(session, found.subject, found.object, version)
    return once.keep(_changed(session, found.object, response))


@router.get(
    "/resources/{code}/refresh",
    operation_id="resources_show_refresh",
    summary="Whether the data is renewed on schedule",
)
def show_refresh(
    found: RenewedResourceSeen, session: ReadSessionDep, response: Response
) -> RefreshRead:
    shown = refreshing.shown(session, found.object)
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.put(
    "/resources/{code}/refresh",
    operation_id="resources_set_refresh",
    summary="Switch the renewal of the data on schedule",
)
def set_refresh(
    found: RenewedResource,
    body: RefreshUpdate,
    session: SessionDep,
    version: IfMatchDep,
    response: Response,
) -> RefreshChanged:
    row = refreshing.switch(session, found.subject, found.object, is_on=body.is_on, version=version)
    response.headers["ETag"] = etag(row.version)
    return RefreshChanged(**dict(RefreshRead.of(row)), **receipt(session))


def _changed(session: SessionDep, edition: Edition, response: Response) -> EditionChanged:
    response.headers["ETag"] = etag(edition.version)
    return EditionChanged(**dict(EditionRead.of(edition, with_report=True)), **receipt(session))
