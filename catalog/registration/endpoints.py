"""HTTP of data resources. Codes are written with '-' for '/' in addresses."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.registration import service
from catalog.registration.access import (
    EditableResourceOfBody,
    NewEntryOfBody,
    ReclassifiableResource,
    SubmittableResource,
)
from catalog.registration.schemas import ResourceChanged, ResourceShown
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.access import ReadableResource, ResourceReader
from catalog.resources.models import DataResource
from catalog.resources.schemas import ClassChoice, ResourceCreate, ResourceSummary, ResourceUpdate
from catalog.resources.words import ResourceStatus
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)


@router.post(
    "/resources",
    status_code=201,
    operation_id="resources_register",
    summary="Register a data resource",
)
def register(
    body: ResourceCreate,
    found: NewEntryOfBody,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> ResourceChanged:
    resource = registering.register(session, found.subject, body)
    response.headers["Location"] = f"/api/v1/resources/{resource.url_code}"
    return once.keep(_changed(session, found.subject, resource, response))


@router.get(
    "/resources", operation_id="resources_list", summary="List the data resources I may see"
)
def list_resources(
    subject: ResourceReader,
    session: ReadSessionDep,
    wanted: PageDep,
    status: Annotated[ResourceStatus | None, Query(description="Only those in this status")] = None,
    mine: Annotated[bool, Query(description="Only those of my own department")] = False,
) -> Page[ResourceSummary]:
    provider_id = subject.department_id if mine else None
    rows, following = resources.page(
        session, subject, wanted, status=status, provider_id=provider_id
    )
    return Page(items=registering.summaries(session, rows), next=following)


@router.get(
    "/resources/{code}", operation_id="resources_show", summary="Show a data resource as it is now"
)
def show(found: ReadableResource, session: ReadSessionDep, response: Response) -> ResourceShown:
    response.headers["ETag"] = etag(found.object.version)
    return service.shown(session, found.subject, found.object)


@router.put("/resources/{code}", operation_id="resources_edit", summary="Change a draft")
def edit(
    body: ResourceUpdate,
    found: EditableResourceOfBody,
    version: IfMatchDep,
    session: SessionDep,
    response: Response,
) -> ResourceChanged:
    resource = service.edit(session, found.subject, found.object, body, version=version)
    return _changed(session, found.subject, resource, response)


@router.put(
    "/resources/{code}/class",
    operation_id="resources_choose_class",
    summary="Choose the class of a draft again",
)
def choose_class(
    body: ClassChoice,
    found: ReclassifiableResource,
    version: IfMatchDep,
    session: SessionDep,
    response: Response,
) -> ResourceChanged:
    resource = registering.choose_class(
        session, found.subject, found.object, body.class_code, version=version
    )
    response.headers["Location"] = f"/api/v1/resources/{resource.url_code}"
    return _changed(session, found.subject, resource, response)


@router.post(
    "/resources/{code}/submissions",
    status_code=201,
    operation_id="resources_submit",
    summary="Submit for review",
)
def submit(
    found: SubmittableResource,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> ResourceChanged:
    registering.check_seen(found.object, version)
    resource = service.submit(session, found.subject, found.object)
    return once.keep(_changed(session, found.subject, resource, response))


def _changed(
    session: SessionDep, subject: Subject, resource: DataResource, response: Response
) -> ResourceChanged:
    response.headers["ETag"] = etag(resource.version)
    return ResourceChanged(**dict(service.shown(session, subject, resource)), **receipt(session))
