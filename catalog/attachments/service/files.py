"""Attaching data (挂接): a file is stored under our own id, previewed,
its types confirmed, then made a snapshot.

The bytes are only ever decoded in the limited child of ``shuqiao.arrow``; the name a file came with
is for people and never part of a path.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlmodel import Session

from audit.append import ObjectRef
from auth.cases import Part, check, take
from auth.guard import Authorized, record_denial
from catalog.attachments import repository
from catalog.attachments.checks import _types
from catalog.attachments.errors import AttachmentRunning, UploadRefused
from catalog.attachments.lifecycle import CONFIRMABLE
from catalog.attachments.models import Attachment
from catalog.attachments.schemas import ReadingCreate, SnapshotCreate
from catalog.attachments.service import rooms, storing
from catalog.attachments.words import AttachmentStatus, DataSource
from catalog.resources import repository as resources
from catalog.resources.lifecycle import ATTACH, PUBLISHED
from catalog.resources.models import DataResource, ResourceItem
from shuqiao.arrow.intake.encoding_question import encoding_open
from shuqiao.arrow.intake.options import Preview, ReadOptions
from shuqiao.arrow.intake.readers import preview
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.clock import now
from shuqiao.errors import Forbidden, Invalid, TooLarge
from shuqiao.i18n import _
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject
from shuqiao.uploads import Upload, upload_path

MAKE_SNAPSHOT: Final = "catalog.resources.make_snapshot"
#: What may be stated of the way in which a file is read.
_WAYS: Final = ("encoding", "delimiter", "header_row", "sheet", "header_rows")
#: What may be stated of the rows and columns that are used; the columns stay what they are.
_SHAPES: Final = ("drop_columns", "fill_down", "skip_last", "skip_hidden_rows")


def attach(
    session: Session, subject: Subject, resource: DataResource, upload: Upload, found: Preview
) -> Attachment:
    """Record a previewed file of ``resource`` (locked).

    Raises ``NotPossibleNow``, ``QuotaReached``.
    """
    if subject.user_id is None:
        raise Forbidden(_("Only a person of a department registers data resources"))
    check(resource, ATTACH)
    rooms.take(session, resource.provider_id, upload)
    row = Attachment(
        id=upload.id,
        resource_id=resource.id,
        uploader_id=subject.user_id,
        file_name=upload.file_name,
        bytes=upload.bytes,
        sha256=upload.sha256,
        status=AttachmentStatus.PREVIEWED,
        preview=found.to_json(),
    )
    session.add(row)
    session.flush()
    part = Part(_ref(row), (None, row.status.value))
    take(
        session,
        subject,
        resource,
        ATTACH,
        part=part,
        why={"sha256": row.sha256, "bytes": row.bytes},
    )
    return row


def reread(row: Attachment, body: ReadingCreate) -> Preview:
    """The preview by the way of reading stated in ``body``; made anew
    only when it differs from the one kept.

    Decodes in the child, so call it before the resource is locked. A table of a database is as it
    was looked at.
    """
    kept = Preview.from_json(row.preview)
    if row.source is not DataSource.FILE:
        return kept
    stated = {
        name: value
        for name in _WAYS
        if (value := getattr(body, name)) is not None and value != getattr(kept.options, name)
    }
    shaped: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name in _SHAPES
        if (value := getattr(body, name)) is not None
    }
    shaped = {name: each for name, each in shaped.items() if each != getattr(kept.options, name)}
    if not stated and not shaped and tuple(body.null_values) == kept.options.null_values:
        return kept
    options = replace(kept.options, **stated, types={}, null_values=tuple(body.null_values))
    if stated:  # columns may be others now; so may the header row, unless only that is stated
        is_same = set(stated) <= {"header_row", "header_rows"}
        options = replace(
            options,
            header_row=options.header_row if is_same else body.header_row,
            header_rows=body.header_rows,
            drop_columns=None,
            fill_down=(),
        )
    options = replace(options, **shaped)
    if not upload_path(row.id).exists():
        raise Invalid(
            _("The uploaded file is no longer there; attach it again"), reason="file_lost"
        )
    return preview(upload_path(row.id), file_name=row.file_name, options=options)


def options_of(stated: ReadingCreate) -> ReadOptions:
    """The options of reading a file for the first time."""
    names = {*_WAYS, *_SHAPES, "null_values"}
    said = stated.model_dump(include=names, exclude_none=True)
    return ReadOptions.from_json(said)


def reread_by(found: Authorized[DataResource], row: Attachment, body: ReadingCreate) -> Preview:
    """The same for ``found``: a file that cannot be read that way is told of in the trail before
    anybody is, as one that is refused at the door; which way, and nothing of what is in it.

    Raises what :func:`reread` does.
    """
    try:
        return reread(row, body)
    except (Invalid, TooLarge) as error:
        stated = body.model_dump(exclude_unset=True, include={*_WAYS, *_SHAPES})
        known = {
            "attachment": row.id,
            "sha256": row.sha256,
            "bytes": row.bytes,
            "read_again_by": sorted(stated),
        }
        proof = record_denial(UploadRefused(found, error, known))
        error.headers = {**error.headers, **proof}
        raise


def keep_reading(
    session: Session, subject: Subject, resource: DataResource, row: Attachment, found: Preview
) -> Attachment:
    """Keep another way of reading ``row``: columns to adopt and the confirmation follow it.

    Raises ``NotPossibleNow`` or ``AttachmentRunning``.
    """
    check(resource, ATTACH)
    if row.status not in CONFIRMABLE:
        raise AttachmentRunning
    row.preview, row.version = found.to_json(), row.version + 1
    session.flush()
    part = Part(_ref(row), (row.status.value, row.status.value))
    take(
        session,
        subject,
        resource,
        ATTACH,
        part=part,
        why={"read_again": True, "columns": len(found.columns)},
    )
    return row


def confirm(
    session: Session,
    subject: Subject,
    resource: DataResource,
    row: Attachment,
    body: SnapshotCreate,
    found: Preview,
) -> Attachment:
    """Confirm how the data is read; columns without an item are left out of it.

    A job makes the snapshot.

    Live data is ready at once: nothing of it is stored.

    Raises ``NotPossibleNow``, ``AttachmentRunning``, or ``Invalid`` naming the items that do not
    fit the columns, or the encoding or another way of reading that is still to be chosen.
    """
    check(resource, ATTACH)
    if row.status not in CONFIRMABLE:
        raise AttachmentRunning
    if found.readings:
        raise encoding_open()
    if found.problem is not None:
        raise DecodeRefused(found.reason or "unreadable", found.problem)
    items = resources.items_of(session, resource.id)
    types = _fitting(session, resource, items, found, body)
    described = {item.column_name for item in items}
    left_out = tuple(column.name for column in found.columns if column.name not in described)
    left_out = (*(found.options.drop_columns or ()), *left_out)
    before = row.status.value
    row.preview, row.options = (
        found.to_json(),
        replace(found.options, types=types, drop_columns=left_out).to_json(),
    )
    if row.shape is not None:
        row.shape = {
            **row.shape,
            "columns": [c for c in row.shape["columns"] if c["name"] in described],
        }
    row.status, row.refusal, row.version = AttachmentStatus.CONFIRMED, None, row.version + 1
    if row.is_live:
        row.status, row.stored_at = AttachmentStatus.STORED, now()
    session.flush()
    part = Part(_ref(row), (before, row.status.value))
    take(
        session,
        subject,
        resource,
        ATTACH,
        part=part,
        why={"columns": len(described), "left_out": len(left_out)},
    )
    if row.is_live:
        storing.told(session, resource, row)
    else:
        enqueue(session, MAKE_SNAPSHOT, lock=f"attachment:{row.id}", attachment_id=str(row.id))
    return row


def _fitting(
    session: Session,
    resource: DataResource,
    items: Sequence[ResourceItem],
    found: Preview,
    body: SnapshotCreate,
) -> dict[str, str]:
    """The kinds to read the columns as; of a published entry those that it is delivered with.

    Raises ``Invalid``.
    """
    if resource.state != PUBLISHED:
        return _types(items, found, body)
    delivered = repository.current_attachment(session, resource.id)
    kept = (delivered.options or {}).get("types", {}) if delivered else {}
    try:
        return _types(items, found, body, kept)
    except Invalid as refused:
        raise Invalid(storing.OTHER_SHAPE, errors=refused.errors) from None


def _ref(row: Attachment) -> ObjectRef:
    return ObjectRef("Attachment", str(row.id), row.version)
