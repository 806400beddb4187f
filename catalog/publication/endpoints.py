"""HTTP of consent, review and catalogue."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.publication import service
from catalog.publication.access import (
    ConsentableResource,
    PublishedEntry,
    ReviewableResource,
    ReviewsReader,
    SelfReviewsReader,
)
from catalog.publication.repository import reviews as repository
from catalog.publication.schemas import (
    CatalogEntry,
    ConsentCreate,
    ReviewCreate,
    Reviewed,
    SelfReviewRead,
    TakedownCreate,
    WaitingRead,
)
from catalog.registration import service as registration
from catalog.registration.schemas import ResourceChanged
from catalog.resources import service as registering
from catalog.resources.access import ReadableResource
from catalog.resources.models import DataResource
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.texts import INT4_MAX
from shuqiao.web.etags import IfMatchDep, etag, is_known
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["catalog"], route_class=StrictRoute)


@router.post(
    "/resources/{code}/consents",
    status_code=201,
    operation_id="resources_consent",
    summary="Consent to a catalogue entry, or return it",
)
def consent(
    found: ConsentableResource,
    body: ConsentCreate,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> Reviewed:
    registering.check_seen(found.object, version)
    resource = service.consent(session, found.subject, found.object, body)
    return once.keep(_reviewed(session, found.subject, resource, response))


@router.get(
    "/reviews",
    operation_id="reviews_list",
    summary="Entries that wait for my consent or review",
)
def list_reviews(
    subject: ReviewsReader, session: ReadSessionDep, wanted: PageDep
) -> Page[WaitingRead]:
    rows, following = repository.waiting_for(session, subject, wanted)
    return Page(items=service.waiting_read(session, rows), next=following)


@router.post(
    "/resources/{code}/reviews",
    status_code=201,
    operation_id="resources_review",
    summary="Publish a catalogue entry, or return it",
)
def review(
    found: ReviewableResource,
    body: ReviewCreate,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> Reviewed:
    registering.check_seen(found.object, version)
    resource = service.review(session, found.subject, found.object, body)
    return once.keep(_reviewed(session, found.subject, resource, response))


@router.post(
    "/resources/{code}/takedowns",
    status_code=201,
    operation_id="resources_take_down",
    summary="Take an entry down from the catalogue",
)
def take_down(
    found: PublishedEntry,
    body: TakedownCreate,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> ResourceChanged:
    entry = service.take_down(session, found.subject, found.object, body.reason, version)
    response.headers["ETag"] = etag(entry.version)
    shown = registration.shown(session, found.subject, entry)
    return once.keep(ResourceChanged(**dict(shown), **receipt(session)))


@router.get(
    "/catalog/{code}",
    response_model=CatalogEntry,
    operation_id="catalog_show",
    summary="Show a published version as it was",
)
def show(
    found: ReadableResource,
    session: ReadSessionDep,
    response: Response,
    version: Annotated[int | None, Query(ge=1, le=INT4_MAX)] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Any:
    entry = service.entry(session, found.object, version)
    tag = etag(entry.published_version)
    if is_known(if_none_match, entry.published_version):
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return entry


@router.get(
    "/self-reviews",
    operation_id="self_reviews_list",
    summary="List what the data administration decided about itself",
)
def self_reviews(
    _subject: SelfReviewsReader, session: ReadSessionDep, wanted: PageDep
) -> Page[SelfReviewRead]:
    rows, following = service.self_reviews(session, wanted)
    return Page(items=rows, next=following)


def _reviewed(
    session: SessionDep, subject: Subject, resource: DataResource, response: Response
) -> Reviewed:
    response.headers["ETag"] = etag(resource.version)
    shown = registration.shown(session, subject, resource)
    return Reviewed(**dict(shown), reviews=service.reviewed(session, resource), **receipt(session))
