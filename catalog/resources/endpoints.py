"""HTTP of data resources. Codes are written with '-' for '/' in addresses."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from audit.receipts import receipt
from auth.guard import Authorized, Place, authorize, may
from auth.identify import SubjectDep
from auth.once import OnceDep
from catalog.resources import attachments, repository, service
from catalog.resources.finding import by_code, glanced_by_code, seen_by_code
from catalog.resources.lifecycle import ResourceStatus
from catalog.resources.models import Attachment, DataResource
from catalog.resources.schemas import (
    AttachmentChanged,
    AttachmentRead,
    ReadingCreate,
    ResourceChanged,
    ResourceCreate,
    ResourceShown,
    ResourceSummary,
    ResourceUpdate,
    SnapshotCreate,
)
from catalog.resources.secrecy import REGISTERING, without_secrets_in_body
from policies.actions import Action
from shuqiao.arrow.options import Preview
from shuqiao.db import ReadSessionDep, SessionDep, reading
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.web.bodies import FILE_BODY, FileDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.examples import Example, example
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)

_CODE = {"code": lambda world: world.resource_code}
_ITEMS = [
    {"name": "学校代码", "column_name": "code", "data_type": "C"},
    {"name": "学校名称", "column_name": "name", "data_type": "C"},
]
_BODY = {"title": "中小学校名录", "share_type": "conditional", "items": _ITEMS}
_CSV = "code,name\n0101,一小\n0102,二小\n".encode()

#: Guard of the two routes that decode: asked before they begin, and
#: once more when the resource is locked.
_ATTACHING = may(Action.RESOURCE_ATTACH, glanced_by_code)


def _to_confirm(
    body: SnapshotCreate,
    attachment_id: UUID,
    glanced: Annotated[Authorized[DataResource], _ATTACHING],
) -> Preview:
    """The file as it would be read; stands before ``once``, so that
    decoding holds no connection.
    """
    return _looked_at(body, attachment_id, glanced.object)


def _to_keep(
    body: ReadingCreate,
    attachment_id: UUID,
    glanced: Annotated[Authorized[DataResource], _ATTACHING],
) -> Preview:
    """The same for another way of reading alone."""
    return _looked_at(body, attachment_id, glanced.object)


def _looked_at(body: ReadingCreate, attachment_id: UUID, resource: DataResource) -> Preview:
    with reading() as session:
        found = repository.attachment(session, resource.id, attachment_id)
        if found is None:
            raise NotFound
        session.expunge(found)
    return attachments.reread(found, body)


@router.post(
    "/resources",
    status_code=201,
    operation_id="resources_register",
    summary="Register a data resource",
)
@example(
    Example(
        world="accounts",
        who="registrar",
        success=201,
        visibility="owner",
        forbidden="applicant",
        event="catalog:resource:registered",
        body={"class_code": "307001", **_BODY},
    )
)
def register(
    body: ResourceCreate,
    found: Annotated[Authorized[Place], without_secrets_in_body(REGISTERING)],
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> ResourceChanged:
    resource = service.register(session, found.subject, body)
    response.headers["Location"] = f"/api/v1/resources/{resource.url_code}"
    return once.keep(_changed(session, found.subject, resource, response))


@router.get(
    "/resources", operation_id="resources_list", summary="List the data resources I may see"
)
@example(
    Example(world="published_resource", who="registrar", success=200, visibility="all_departments")
)
def list_resources(
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    status: Annotated[ResourceStatus | None, Query(description="Only those in this status")] = None,
) -> Page[ResourceSummary]:
    rows, following = repository.page(session, subject, wanted, status=status)
    return Page(items=service.summaries(session, rows), next=following)


@router.get(
    "/resources/{code}", operation_id="resources_show", summary="Show a data resource as it is now"
)
@example(
    Example(
        world="draft_resource",
        who="registrar",
        success=200,
        visibility="owner",
        stranger="applicant",
        path=_CODE,
    )
)
def show(
    found: Annotated[Authorized[DataResource], may(Action.RESOURCE_READ, seen_by_code)],
    session: ReadSessionDep,
    response: Response,
) -> ResourceShown:
    response.headers["ETag"] = etag(found.object.version)
    return service.shown(session, found.subject, found.object)


@router.put("/resources/{code}", operation_id="resources_edit", summary="Change a draft")
@example(
    Example(
        world="draft_resource",
        who="registrar",
        success=200,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=_CODE,
        body=_BODY,
        if_match=True,
        event="catalog:resource:edited",
    )
)
def edit(
    body: ResourceUpdate,
    found: Annotated[
        Authorized[DataResource], without_secrets_in_body(may(Action.RESOURCE_EDIT, by_code))
    ],
    version: IfMatchDep,
    session: SessionDep,
    response: Response,
) -> ResourceChanged:
    resource = service.edit(session, found.subject, found.object, body, version=version)
    return _changed(session, found.subject, resource, response)


@router.post(
    "/resources/{code}/submissions",
    status_code=201,
    operation_id="resources_submit",
    summary="Submit for review",
)
@example(
    Example(
        world="stored_resource",
        who="registrar",
        success=201,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=_CODE,
        if_match=True,
        event="catalog:resource:submitted",
    )
)
def submit(
    found: Annotated[Authorized[DataResource], may(Action.RESOURCE_SUBMIT, by_code)],
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> ResourceChanged:
    service.check_seen(found.object, version)
    resource = service.submit(session, found.subject, found.object)
    return once.keep(_changed(session, found.subject, resource, response))


@router.post(
    "/resources/{code}/attachments",
    status_code=201,
    operation_id="resources_attach",
    summary="Attach a file",
    openapi_extra=FILE_BODY,
)
@example(
    Example(
        world="draft_resource",
        who="registrar",
        success=201,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=_CODE,
        files={"file": ("学校.csv", _CSV, "text/csv")},
        event="catalog:resource:attached",
    )
)
def attach(
    code: str,
    glanced: Annotated[Authorized[DataResource], _ATTACHING],
    file: FileDep,
    once: OnceDep,
    session: SessionDep,
    response: Response,
) -> AttachmentChanged:
    upload = attachments.store_upload(file.file, file.filename)
    try:
        preview = attachments.look_at(
            upload
        )  # before the first statement: decoding holds no connection
        once.take(bytes.fromhex(upload.sha256))
        resource = by_code(code, session)
        subject = authorize(glanced.subject, Action.RESOURCE_ATTACH, resource)
        row = attachments.attach(session, subject, resource, upload, preview)
        response.headers["Location"] = f"/api/v1/resources/{resource.url_code}/attachments/{row.id}"
        return once.keep(AttachmentChanged(**dict(AttachmentRead.of(row)), **receipt(session)))
    except BaseException:
        upload.discard()
        raise


@router.get(
    "/resources/{code}/attachments/{attachment_id}",
    operation_id="resources_show_attachment",
    summary="Show an attached file",
)
@example(
    Example(
        world="attached_resource",
        who="registrar",
        success=200,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path={**_CODE, "attachment_id": lambda world: str(world.attachment_id)},
    )
)
def show_attachment(
    found: Annotated[Authorized[DataResource], may(Action.RESOURCE_ATTACH, seen_by_code)],
    attachment_id: UUID,
    session: ReadSessionDep,
) -> AttachmentRead:
    # Rows of the file are in the answer: only who may attach it sees them, whatever is published.
    row = repository.attachment(session, found.object.id, attachment_id)
    if row is None:
        raise NotFound
    return AttachmentRead.of(row)


@router.post(
    "/resources/{code}/attachments/{attachment_id}/readings",
    operation_id="resources_read_again",
    summary="Read an attached file another way",
)
@example(
    Example(
        world="attached_resource",
        who="registrar",
        success=200,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path={**_CODE, "attachment_id": lambda world: str(world.attachment_id)},
        body={},
        event="catalog:resource:attached",
    )
)
def read_again(
    body: ReadingCreate,
    code: str,
    attachment_id: UUID,
    glanced: Annotated[Authorized[DataResource], _ATTACHING],
    found: Annotated[Preview, Depends(_to_keep)],
    once: OnceDep,
    session: SessionDep,
) -> AttachmentChanged:
    subject, resource, row = _locked(session, glanced, code, attachment_id)
    row = attachments.keep_reading(session, subject, resource, row, found)
    return once.keep(AttachmentChanged(**dict(AttachmentRead.of(row)), **receipt(session)))


@router.post(
    "/resources/{code}/attachments/{attachment_id}/snapshots",
    status_code=202,
    operation_id="resources_make_snapshot",
    summary="Confirm how a file is read and store its data",
)
@example(
    Example(
        world="attached_resource",
        who="registrar",
        success=202,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path={**_CODE, "attachment_id": lambda world: str(world.attachment_id)},
        body={},
        event="catalog:resource:attached",
    )
)
def make_snapshot(
    body: SnapshotCreate,
    code: str,
    attachment_id: UUID,
    glanced: Annotated[Authorized[DataResource], _ATTACHING],
    found: Annotated[Preview, Depends(_to_confirm)],
    once: OnceDep,
    session: SessionDep,
) -> AttachmentChanged:
    subject, resource, row = _locked(session, glanced, code, attachment_id)
    row = attachments.confirm(session, subject, resource, row, body, found)
    return once.keep(AttachmentChanged(**dict(AttachmentRead.of(row)), **receipt(session)))


def _locked(
    session: SessionDep, glanced: Authorized[DataResource], code: str, attachment_id: UUID
) -> tuple[Subject, DataResource, Attachment]:
    """What was glanced at before decoding, locked, as it is now, and who may attach to it."""
    resource = by_code(code, session)
    subject = authorize(glanced.subject, Action.RESOURCE_ATTACH, resource)
    row = repository.attachment(session, resource.id, attachment_id)
    if row is None:
        raise NotFound
    return subject, resource, row


def _changed(
    session: SessionDep, subject: Subject, resource: DataResource, response: Response
) -> ResourceChanged:
    response.headers["ETag"] = etag(resource.version)
    return ResourceChanged(**dict(service.shown(session, subject, resource)), **receipt(session))
