"""The data of a registration (挂接): upload, look at how it is read,
choose another way, confirm, follow the storing.

Files are decoded in the limited child, and while that runs no database connection is held: what the
child needs is read before, what it found is written after.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized
from auth.once import OnceDep
from catalog.attachments.access import (
    AttachableResource,
    RoomDep,
    glanced_file,
    locked,
    locked_file,
)
from catalog.attachments.models import Attachment
from catalog.attachments.schemas import SnapshotCreate
from catalog.attachments.service import files as attaching
from catalog.attachments.service import uploads
from catalog.registration.forms import readings
from catalog.registration.pages.data_page import DataPage, data_page
from catalog.resources import service as registering
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.views import is_attachable
from shuqiao.arrow.intake.encoding_question import encoding_open
from shuqiao.arrow.intake.options import Preview
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import Invalid, ShuqiaoError, TooLarge
from shuqiao.web.bodies import NO_FILE
from shuqiao.web.forms import Form, FormDep, FormError, FormInvalid, anchor
from shuqiao.web.page_router import PageRouter

router = PageRouter()


@dataclass(frozen=True, slots=True)
class Read:
    """What a confirmation states, and the file read that way; or why it could not be."""

    form: Form
    body: SnapshotCreate | None = None
    preview: Preview | None = None
    status: int = 422


def read_in_form(form: FormDep, attachment_id: UUID, glanced: AttachableResource) -> Read:
    """The file as a confirmation states it; stands before ``once``, so
    that decoding holds no connection.
    """
    row = glanced_file(glanced.object, attachment_id)
    if form.text("of_sheet") and form.text("sheet") != form.text("of_sheet"):
        # those of the sheet seen before say nothing about this one
        for name in ("header_row", "header_rows", "columns_told"):
            form = form.without(name)
    elif form.text("of_header_row") != form.text("header_row"):
        # the columns are called otherwise then; how many rows name them is found out anew
        form = form.without("columns_told")
        if form.text("of_header_rows") == form.text("header_rows"):
            form = form.without("header_rows")
    read = _reread(glanced, row, form)
    if read.preview is None:
        return read
    try:
        return replace(read, body=readings.stated(form, read.preview))
    except FormInvalid as invalid:
        return replace(read, form=invalid.form, body=None)


def unread_again(
    session: Session,
    glanced: Authorized[DataResource],
    attachment_id: UUID,
    read: Read,
    form: Form,
) -> DataPage:
    """The file as it was read before, with what was stated now."""
    return data_page(session, glanced, replace(read.form, errors=form.errors), attachment_id)


def read_again(
    session: Session,
    glanced: Authorized[DataResource],
    attachment_id: UUID,
    read: Read,
    form: Form,
) -> DataPage:
    """The file as it was read now, if it could be."""
    stated = replace(read.form, errors=form.errors)
    return data_page(session, glanced, stated, attachment_id, read.preview)


@router.page("/resources/{code}/edit/data")
def look(
    glanced: AttachableResource, session: ReadSessionDep, file: UUID | None = None
) -> DataPage | Response:
    """The files so far, and the one chosen as it is read."""
    if not is_attachable(glanced.object):
        return RedirectResponse(registering.edit_href(glanced.object), 303)
    if file is not None:
        glanced_file(glanced.object, file)  # says that there is none
    return data_page(session, glanced, Form(), file)


@router.form("/resources/{code}/attachments", again=data_page)
def attach(
    code: str,
    glanced: AttachableResource,
    _room: RoomDep,
    form: FormDep,
    once: OnceDep,
    session: SessionDep,
) -> Response:
    """Take a file and look into it, read as far as the form says.

    What is no table is refused in words, and nothing of it is kept; what may be one when it is read
    another way is kept while that is chosen.
    """
    if not is_attachable(glanced.object):
        raise NotPossibleNow
    with _said_at("file", form):
        sent = form.files.get("file")
        if sent is None:
            raise Invalid(errors=[NO_FILE])
        # Before the first statement: decoding holds no connection.
        preview = uploads.look(glanced, sent, readings.first_stated(form))
        once.take(bytes.fromhex(sent.sha256))
        found = locked(session, glanced, code)
        row = attaching.attach(session, found.subject, found.object, sent, preview)
        answer = once.go_to(f"{registering.edit_href(found.object)}/data?file={row.id}")
        sent.keep()
        return answer


@router.form("/resources/{code}/attachments/{attachment_id}/readings", again=unread_again)
def read_another_way(
    code: str,
    attachment_id: UUID,
    glanced: AttachableResource,
    read: Annotated[Read, Depends(read_in_form)],
    once: OnceDep,
    session: SessionDep,
) -> Response:
    """Read the file as stated, and keep to it: what is adopted and
    confirmed later is what is shown now.
    """
    if read.preview is None:
        raise FormInvalid(read.form, read.status)
    if read.preview.readings:
        raise FormInvalid(_refused(read.form, encoding_open(), "reading"))
    found, row = locked_file(session, glanced, code, attachment_id)
    attaching.keep_reading(session, found.subject, found.object, row, read.preview)
    return once.go_to(f"{registering.edit_href(found.object)}/data?file={attachment_id}")


@router.form("/resources/{code}/attachments/{attachment_id}/snapshots", again=read_again)
def confirm(
    code: str,
    attachment_id: UUID,
    glanced: AttachableResource,
    read: Annotated[Read, Depends(read_in_form)],
    once: OnceDep,
    session: SessionDep,
) -> Response:
    """Confirm how the file is read; a job stores it, the page follows."""
    if read.body is None or read.preview is None:
        raise FormInvalid(read.form, read.status)
    found, row = locked_file(session, glanced, code, attachment_id)
    with _said_at("columns", read.form):
        attaching.confirm(session, found.subject, found.object, row, read.body, read.preview)
    return once.go_to(f"{registering.edit_href(found.object)}/data?file={attachment_id}")


def _reread(glanced: Authorized[DataResource], row: Attachment, asked: Form) -> Read:
    """The file read as ``asked``; a refusal goes to the page."""
    try:
        with _said_at("reading", asked):
            found = attaching.reread_by(glanced, row, readings.stated(asked))
            return Read(asked, readings.stated(asked, found), found)
    except FormInvalid as invalid:
        return Read(replace(asked, errors=invalid.form.errors), status=invalid.status)


@contextmanager
def _said_at(place: str, form: Form) -> Iterator[None]:
    """What is refused inside is said at ``place`` of the page."""
    try:
        yield
    except (Invalid, TooLarge) as error:
        raise FormInvalid(_refused(form, error, place), error.status) from None


def _refused(form: Form, error: ShuqiaoError, place: str) -> Form:
    """The form with what was refused, at the part of the page that it is about."""
    failed = form.refused(error)
    lines = [
        replace(line, name=place, anchor=anchor(place))
        for line in failed.errors[len(form.errors) :]
    ]
    if error.errors and error.detail:
        lines.insert(0, FormError(place, anchor(place), error.detail))
    return replace(form, errors=(*form.errors, *lines))
