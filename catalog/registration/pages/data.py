"""The data of a registration (挂接): upload, look at how it is read,
choose another way, confirm, follow the storing.

Files are decoded in the limited child, and while that runs no database connection is held: what the
child needs is read before, what it found is written after.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized
from auth.once import OnceDep
from catalog.attachments import repository as attachments
from catalog.attachments.access import AttachableResource, glanced_file, locked, locked_file
from catalog.attachments.lifecycle import CONFIRMABLE
from catalog.attachments.models import Attachment
from catalog.attachments.schemas import SnapshotCreate
from catalog.attachments.service import files as attaching
from catalog.attachments.service import uploads
from catalog.attachments.service.uploads import Upload
from catalog.attachments.words import AttachmentStatus
from catalog.registration.forms import readings
from catalog.registration.views.progress import needs_data, progress_of
from catalog.registration.words import Section
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.views import is_editable
from shuqiao.arrow.intake.encoding_question import encoding_open
from shuqiao.arrow.intake.options import Preview
from shuqiao.db import SessionDep, reading, start_over
from shuqiao.errors import Invalid, ShuqiaoError, TooLarge
from shuqiao.i18n import Message, _
from shuqiao.settings import settings
from shuqiao.web.bodies import NO_FILE
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormError, FormInvalid, anchor

router = APIRouter()

TONES: Final = {
    AttachmentStatus.PREVIEWED: "warning",
    AttachmentStatus.CONFIRMED: "info",
    AttachmentStatus.STORED: "success",
    AttachmentStatus.REFUSED: "danger",
}


@dataclass(frozen=True, slots=True)
class Read:
    """What a confirmation states, and the file read that way; or why it could not be."""

    form: Form
    body: SnapshotCreate | None = None
    preview: Preview | None = None
    status: int = 200


def read_in_form(form: FormDep, attachment_id: UUID, glanced: AttachableResource) -> Read:
    """The file as a confirmation states it; stands before ``once``, so
    that decoding holds no connection.
    """
    row = glanced_file(glanced.object, attachment_id)
    if form.text("of_sheet") and form.text("sheet") != form.text("of_sheet"):
        form = form.without(
            "header_row"
        )  # that of the sheet seen before says nothing about this one
    read = _reread(row, form)
    if read.preview is None:
        return read
    try:
        return replace(read, body=readings.stated(form, read.preview))
    except FormInvalid as invalid:
        return replace(read, form=invalid.form, body=None, status=422)


@router.get("/resources/{code}/edit/data")
def data_page(request: Request, glanced: AttachableResource, file: UUID | None = None) -> Response:
    """The files so far, and the one chosen as it is read."""
    if not is_editable(glanced.object):
        return RedirectResponse(registering.edit_href(glanced.object), 303)
    if file is not None:
        glanced_file(glanced.object, file)  # says that there is none
    return _page(request, glanced, Read(Form.of()), file)


@router.post("/resources/{code}/attachments", status_code=303)
def attach(
    request: Request,
    code: str,
    glanced: AttachableResource,
    form: FormDep,
    once: OnceDep,
    session: SessionDep,
) -> Response:
    """Take a file and look into it.

    What is no table is refused in words, and nothing of it is kept.
    """
    if not is_editable(glanced.object):
        raise NotPossibleNow
    sent = form.files.get("file")
    try:
        if sent is None:
            raise Invalid(errors=[NO_FILE])
        upload = uploads.store_upload(sent.file, sent.filename)
    except (Invalid, TooLarge) as error:
        start_over(session)
        return _page(
            request, glanced, Read(_refused(form, error, "file"), status=error.status), None
        )
    return _attached(request, code, form, glanced, once, session, upload)


@router.post("/resources/{code}/attachments/{attachment_id}/readings", status_code=303)
def read_another_way(
    request: Request,
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
    if read.preview is not None and read.preview.readings:
        read = Read(_refused(read.form, encoding_open(), "reading"), status=422)
    if read.preview is None:
        start_over(session)
        return _page(request, glanced, read, attachment_id)
    found, row = locked_file(session, glanced, code, attachment_id)
    attaching.keep_reading(session, found.subject, found.object, row, read.preview)
    href = f"{registering.edit_href(found.object)}/data?file={attachment_id}"
    return RedirectResponse(once.keep_redirect(href), 303)


@router.post("/resources/{code}/attachments/{attachment_id}/snapshots", status_code=303)
def confirm(
    request: Request,
    code: str,
    attachment_id: UUID,
    glanced: AttachableResource,
    read: Annotated[Read, Depends(read_in_form)],
    once: OnceDep,
    session: SessionDep,
) -> Response:
    """Confirm how the file is read; a job stores it, the page follows."""
    if read.body is None or read.preview is None:
        start_over(session)
        return _page(request, glanced, read, attachment_id)
    found, row = locked_file(session, glanced, code, attachment_id)
    try:
        attaching.confirm(session, found.subject, found.object, row, read.body, read.preview)
    except Invalid as error:
        start_over(session)
        failed = Read(_refused(read.form, error, "columns"), read.body, read.preview, error.status)
        return _page(request, glanced, failed, attachment_id)
    href = f"{registering.edit_href(found.object)}/data?file={attachment_id}"
    return RedirectResponse(once.keep_redirect(href), 303)


def _attached(
    request: Request,
    code: str,
    form: Form,
    glanced: Authorized[DataResource],
    once: Any,
    session: Session,
    upload: Upload,
) -> Response:
    try:
        # Before the first statement: decoding holds no connection.
        preview = uploads.look_at(upload)
        once.take(bytes.fromhex(upload.sha256))
        found = locked(session, glanced, code)
        row = attaching.attach(session, found.subject, found.object, upload, preview)
        href = f"{registering.edit_href(found.object)}/data?file={row.id}"
        return RedirectResponse(once.keep_redirect(href), 303)
    except (Invalid, TooLarge) as error:
        upload.discard()
        start_over(session)
        return _page(
            request, glanced, Read(_refused(form, error, "file"), status=error.status), None
        )
    except BaseException:
        upload.discard()
        raise


def _reread(row: Attachment, asked: Form) -> Read:
    """The file read as ``asked``; a refusal goes to the page."""
    try:
        body = readings.stated(asked)
        found = attaching.reread(row, body)
        return Read(asked, readings.stated(asked, found), found)
    except FormInvalid as invalid:
        return Read(replace(asked, errors=invalid.form.errors), status=422)
    except (Invalid, TooLarge) as error:
        return Read(_refused(asked, error, "reading"), status=error.status)


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


def _page(
    request: Request, glanced: Authorized[DataResource], read: Read, chosen: UUID | None
) -> Response:
    with reading() as session:
        resource = resources.by_id(session, glanced.object.id)
        values = _values(session, glanced, resource, read, chosen)
        return page(request, "registration/data.html", values, status=read.status, block="state")


def _values(
    session: Session,
    glanced: Authorized[DataResource],
    resource: DataResource,
    read: Read,
    chosen: UUID | None,
) -> dict[str, Any]:
    entry, files = (
        registering.read(session, resource),
        attachments.attachments_of(session, resource.id),
    )
    row = next((each for each in files if each.id == chosen), files[0] if files else None)
    progress = progress_of(session, glanced.subject, resource, entry)
    return {
        "resource": resource,
        "entry": entry,
        "address": registering.edit_href(resource),
        "progress": progress,
        "sections": list(Section),
        "here_section": Section.DATA,
        "section": Section.DATA,
        "form": read.form,
        "labels": _LABELS,
        "files": files,
        "row": row,
        "tones": TONES,
        "current": attachments.current_attachment(session, resource.id),
        "needs_data": needs_data(entry),
        "limit_bytes": settings().upload_limit_bytes,
        "kinds_taken": KINDS_TAKEN,
        "refusal": Message.from_json(row.refusal) if row and row.refusal else None,
        **_reading_values(session, row, read),
    }


def _reading_values(session: Session, row: Attachment | None, read: Read) -> dict[str, Any]:
    """The file as it is read: only while that can still be confirmed."""
    if row is None or row.status not in CONFIRMABLE:
        return {"found": None, "to_choose": []}
    found = read.preview or Preview.from_json(row.preview)
    items = resources.items_of(session, row.resource_id)
    return {
        "found": found,
        "facts": readings.facts(found),
        "hidden": readings.stated_fields(found),
        "columns": readings.columns_shown(found, items, read.form),
        "encodings": readings.encodings(),
        "separators": [(word, label) for word, (_sign, label) in readings.SEPARATORS.items()],
        "missing_columns": readings.without_column(found, items),
        "has_items": bool(items),
        "head": getattr(found, "head", ()),
        "sheets": getattr(found, "sheets", ()),
        "reading_form": Form.of(readings.stated_fields(found)),
        "to_choose": readings.to_choose(found),
    }


#: Files that are taken, told before anybody uploads.
KINDS_TAKEN: Final = _(
    "CSV or text tables, Excel and OpenDocument workbooks, JSON records, Parquet, Arrow"
)
_LABELS: Final = {"file": _("File"), "columns": _("Columns"), "reading": _("Way of reading")}
