"""HTTP of attaching a file: upload, look, confirm the reading."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.attachments import repository
from catalog.attachments.access import (
    AttachableResource,
    AttachableResourceSeen,
    RoomDep,
    glanced_file,
    locked,
    locked_file,
)
from catalog.attachments.endpoints.reading import READING_BODY, StatedDep
from catalog.attachments.schemas import (
    AttachmentChanged,
    AttachmentRead,
    ReadingCreate,
    SnapshotCreate,
)
from catalog.attachments.service import files, uploads
from shuqiao.arrow.intake.options import Preview
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.web.bodies import FileDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)


def _to_confirm(
    body: SnapshotCreate,
    attachment_id: UUID,
    glanced: AttachableResource,
) -> Preview:
    """The file as it would be read; stands before ``once``, so that
    decoding holds no connection.
    """
    return files.reread_by(glanced, glanced_file(glanced.object, attachment_id), body)


def _to_keep(
    body: ReadingCreate,
    attachment_id: UUID,
    glanced: AttachableResource,
) -> Preview:
    """The same for another way of reading alone."""
    return files.reread_by(glanced, glanced_file(glanced.object, attachment_id), body)


@router.post(
    "/resources/{code}/attachments",
    status_code=201,
    operation_id="resources_attach",
    summary="Attach a file",
    openapi_extra=READING_BODY,
)
def attach(
    code: str,
    glanced: AttachableResource,
    _room: RoomDep,
    file: FileDep,
    reading: StatedDep,
    once: OnceDep,
    session: SessionDep,
    response: Response,
) -> AttachmentChanged:
    # before the first statement: decoding holds no connection
    preview = uploads.look(glanced, file, reading)
    once.take(bytes.fromhex(file.sha256))
    found = locked(session, glanced, code)
    row = files.attach(session, found.subject, found.object, file, preview)
    url_code = found.object.url_code
    response.headers["Location"] = f"/api/v1/resources/{url_code}/attachments/{row.id}"
    answer = once.keep(AttachmentChanged(**dict(AttachmentRead.of(row)), **receipt(session)))
    file.keep()
    return answer


@router.get(
    "/resources/{code}/attachments/{attachment_id}",
    operation_id="resources_show_attachment",
    summary="Show an attached file",
)
def show_attachment(
    found: AttachableResourceSeen, attachment_id: UUID, session: ReadSessionDep
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
def read_again(
    body: ReadingCreate,
    code: str,
    attachment_id: UUID,
    glanced: AttachableResource,
    preview: Annotated[Preview, Depends(_to_keep)],
    once: OnceDep,
    session: SessionDep,
) -> AttachmentChanged:
    found, row = locked_file(session, glanced, code, attachment_id)
    row = files.keep_reading(session, found.subject, found.object, row, preview)
    return once.keep(AttachmentChanged(**dict(AttachmentRead.of(row)), **receipt(session)))


@router.post(
    "/resources/{code}/attachments/{attachment_id}/snapshots",
    status_code=202,
    operation_id="resources_make_snapshot",
    summary="Confirm how a file is read and store its data",
)
def make_snapshot(
    body: SnapshotCreate,
    code: str,
    attachment_id: UUID,
    glanced: AttachableResource,
    preview: Annotated[Preview, Depends(_to_confirm)],
    once: OnceDep,
    session: SessionDep,
) -> AttachmentChanged:
    found, row = locked_file(session, glanced, code, attachment_id)
    row = files.confirm(session, found.subject, found.object, row, body, preview)
    return once.keep(AttachmentChanged(**dict(AttachmentRead.of(row)), **receipt(session)))
