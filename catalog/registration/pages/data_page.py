"""The data of a registration as its page shows it: the files so far, and the chosen one as it is
read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from auth.departments import repository as departments
from auth.guard import Authorized
from catalog.attachments import repository as attachments
from catalog.attachments.lifecycle import CONFIRMABLE
from catalog.attachments.models import Attachment
from catalog.attachments.service import rooms
from catalog.attachments.service.rooms import Held
from catalog.attachments.service.storing import OTHER_SHAPE
from catalog.attachments.words import AttachmentStatus
from catalog.conformity.views.standing import Standing, of_row
from catalog.editions import lifecycle as editing
from catalog.editions import repository as editions
from catalog.registration.forms import readings
from catalog.registration.forms.readings import ColumnShown, ReadingShown
from catalog.registration.views.entry_pages import goes_on
from catalog.registration.views.progress import Progress, needs_data, progress_of
from catalog.registration.words import Section
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.lifecycle import PUBLISHED
from catalog.resources.models import DataResource, ResourceItem
from shuqiao.arrow.intake.options import Preview
from shuqiao.i18n import Message, _
from shuqiao.settings import settings
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

TONES: Final = {
    AttachmentStatus.PREVIEWED: "warning",
    AttachmentStatus.CONFIRMED: "info",
    AttachmentStatus.STORED: "success",
    AttachmentStatus.REFUSED: "danger",
}
#: Files that are taken, told before anybody uploads.
_KINDS_TAKEN: Final = _(
    "CSV or text tables, Excel and OpenDocument workbooks, JSON records, Parquet, Arrow"
)
_LABELS: Final = {
    "file": _("File"),
    "columns": _("Columns"),
    "reading": _("Way of reading"),
    "first_encoding": _("Encoding"),
    "first_delimiter": _("Separator"),
    "first_sheet": _("Sheet"),
    "first_header_row": _("Header row"),
    "first_header_rows": _("Rows joined to the names"),
    "first_skip_last": _("Rows left out at the end"),
}
_SEPARATORS: Final = [(word, label) for word, (_sign, label) in readings.SEPARATORS.items()]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it is read. ``form``: the way, to be changed; ``stated``: the same way, to be
    confirmed. ``to_choose``: the encodings, while that is an open question.
    """

    found: Preview
    facts: Sequence[tuple[Message, Any]]
    form: Form
    stated: Mapping[str, str]
    columns: Sequence[ColumnShown]
    missing_columns: Sequence[ResourceItem]
    has_items: bool
    to_choose: Sequence[ReadingShown]
    all_columns: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class DataPage(Page):
    """``row``: the chosen file, ``reading`` only while that can still be confirmed. ``current``:
    the file that is delivered now; ``goes_on``: what a working copy without data of its own keeps.
    """

    template = "registration/data.html"
    block = "state"
    form: Form
    section: Section
    resource: DataResource
    address: str
    home: str
    is_published: bool
    other_shape: Message
    progress: Progress
    labels: Mapping[str, Message]
    files: Sequence[Attachment]
    row: Attachment | None
    current: Attachment | None
    goes_on: Attachment | None
    standing: Standing | None
    refusal: Message | None
    reading: Reading | None
    tones: Mapping[AttachmentStatus, str]
    needs_data: bool
    limit_bytes: int
    room: Held
    kinds_taken: Message
    encodings: Sequence[tuple[str, str]]
    separators: Sequence[tuple[str, Message]]


def data_page(
    session: Session,
    glanced: Authorized[DataResource],
    form: Form,
    chosen: UUID | None = None,
    preview: Preview | None = None,
) -> DataPage:
    """The files, the latest without one ``chosen``; ``preview``: as it was just read again."""
    resource = resources.by_id(session, glanced.object.id)
    entry = registering.read(session, resource)
    files = attachments.attachments_of(session, resource.id)
    row = next((each for each in files if each.id == chosen), files[0] if files else None)
    return DataPage(
        form=form,
        section=Section.DATA,
        resource=resource,
        address=registering.edit_href(resource),
        home=home(resource),
        is_published=resource.state == PUBLISHED,
        other_shape=OTHER_SHAPE,
        progress=progress_of(session, glanced.subject, resource, entry),
        labels=_LABELS,
        files=files,
        row=row,
        current=_delivered(session, resource),
        goes_on=goes_on(session, resource, files),
        standing=of_row(session, resource),
        refusal=Message.from_json(row.refusal) if row and row.refusal else None,
        reading=_reading(session, row, form, preview),
        tones=TONES,
        needs_data=needs_data(entry),
        limit_bytes=settings().upload_limit_bytes,
        room=rooms.of_department(session, departments.by_id(session, resource.provider_id)),
        kinds_taken=_KINDS_TAKEN,
        encodings=readings.encodings(),
        separators=_SEPARATORS,
    )


def home(resource: DataResource) -> str:
    """Where whoever attaches came from: the task list, or the editions of what is published."""
    if resource.state == PUBLISHED:
        return editing.PAGE.format_map(resource.told())
    return registering.edit_href(resource)


def _delivered(session: Session, resource: DataResource) -> Attachment | None:
    """The data that is delivered now, or would be if the entry were published."""
    current = editions.current(session, resource.id)
    if resource.state == PUBLISHED and current is not None:
        return attachments.attachment_by_id(session, current.attachment_id)
    return attachments.current_attachment(session, resource.id)


def _ticked(form: Form, found: Preview) -> Form:
    return replace(form, values={**form.values, **readings.ticked_fields(found)})


def _reading(
    session: Session, row: Attachment | None, form: Form, preview: Preview | None
) -> Reading | None:
    if row is None or row.status not in CONFIRMABLE:
        return None
    found = preview or Preview.from_json(row.preview)
    items, stated = resources.items_of(session, row.resource_id), readings.stated_fields(found)
    return Reading(
        found=found,
        facts=readings.facts(found),
        form=_ticked(Form.of(stated), found),
        all_columns=readings.all_columns(found),
        stated=stated,
        columns=readings.columns_shown(found, items, form),
        missing_columns=readings.without_column(found, items),
        has_items=bool(items),
        to_choose=readings.to_choose(found),
    )
