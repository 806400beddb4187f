"""HTTP of attaching a file: upload, look, confirm the reading."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from audit.receipts import receipt
from auth.guard import Authorized, authorize, may
from auth.once import OnceDep
from catalog.attachments import repository
from catalog.attachments.models import Attachment
from catalog.attachments.schemas import (
    AttachmentChanged,
    AttachmentRead,
    ReadingCreate,
    SnapshotCreate,
)
from catalog.attachments.service import files, uploads
from catalog.resources.access import by_code, glanced_by_code, seen_by_code
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.arrow.intake.options import Preview
from shuqiao.db import ReadSessionDep, SessionDep, reading
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.web.bodies import FILE_BODY, FileDep
from shuqiao.web.examples import Example, example
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)

_CODE = {"code": lambda world: world.resource_code}

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
    return files.reread(found, body)


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
    upload = uploads.store_upload(file.file, file.filename)
    try:
        preview = uploads.look_at(
            upload
        )  # before the first statement: decoding holds no connection
        once.take(bytes.fromhex(upload.sha256))
        resource = by_code(code, session)
        subject = authorize(glanced.subject, Action.RESOURCE_ATTACH, resource)
        row = files.attach(session, subject, resource, upload, preview)
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
    row = files.keep_reading(session, subject, resource, row, found)
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
    row = files.confirm(session, subject, resource, row, body, found)
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
