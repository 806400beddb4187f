"""Attaching data (挂接): a file is stored under our own id, previewed,
its types confirmed, then made a snapshot.

The bytes are only ever decoded in the limited child of ``shuqiao.arrow``; the name a file came with
is for people and never part of a path.
"""

import hashlib
import os
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from catalog.elements.lifecycle import DataType
from catalog.resources import repository, service
from catalog.resources.errors import AttachmentRunning
from catalog.resources.lifecycle import CONFIRMABLE, Act, AttachmentStatus, DataSource
from catalog.resources.models import Attachment, DataResource, ResourceItem
from catalog.resources.schemas import ReadingCreate, SnapshotCreate
from shuqiao.arrow.encoding_question import encoding_open
from shuqiao.arrow.options import Preview, ReadOptions
from shuqiao.arrow.proposals import GUIDE_TYPES, Kind
from shuqiao.arrow.readers import preview
from shuqiao.clock import now
from shuqiao.desk import messages
from shuqiao.errors import FieldError, Forbidden, Invalid, TooLarge
from shuqiao.home import folder
from shuqiao.i18n import Message, _
from shuqiao.ids import uuid7
from shuqiao.jobs import enqueue
from shuqiao.settings import settings
from shuqiao.subject import Subject

MAKE_SNAPSHOT: Final = "catalog.resources.make_snapshot"
_CHUNK_BYTES: Final = 1_048_576
_NAME_LENGTH: Final = 200

#: Kinds an item of each data type may be read as; the first is taken
#: when the file proposes none of them.
_KINDS: Final[dict[DataType, tuple[Kind, ...]]] = {
    letter: (Kind(GUIDE_TYPES[letter.value]),) for letter in DataType
} | {
    DataType.NUMBER: (Kind.DECIMAL, Kind.INTEGER, Kind.FLOAT),
    DataType.MONEY: (Kind.DECIMAL, Kind.INTEGER),
    DataType.DOUBLE: (Kind.FLOAT,),
    DataType.FLOAT: (Kind.FLOAT,),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it lies in the uploads folder, not yet known to the database."""

    id: UUID
    file_name: str
    bytes: int
    sha256: str

    @property
    def path(self) -> Path:
        return upload_path(self.id)

    def discard(self) -> None:
        """Remove the file: nothing came of it."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Decoding:
    """A confirmed file or table waiting to be made a snapshot."""

    attachment_id: UUID
    resource_id: UUID
    version: int
    file_name: str
    options: ReadOptions
    source: DataSource = DataSource.FILE


def upload_path(attachment_id: UUID) -> Path:
    """Where the bytes of an attachment lie."""
    return folder("uploads") / attachment_id.hex


def display_name(sent: str | None) -> str:
    """The last part of the name a file came with, without characters
    nobody can see, at most 200 characters.
    """
    last = unicodedata.normalize("NFC", (sent or "").replace("\\", "/")).rpartition("/")[2]
    shown = "".join(
        char for char in last if unicodedata.category(char)[0] not in "CZ" or char == " "
    ).strip()
    stem, dot, suffix = shown.rpartition(".")
    if len(shown) > _NAME_LENGTH and dot and len(suffix) < 10:
        return stem[: _NAME_LENGTH - len(suffix) - 1] + dot + suffix
    return shown[:_NAME_LENGTH] if shown.strip(". ") else "unnamed"


def kinds_of(data_type: DataType) -> tuple[Kind, ...]:
    """The kinds an item of this data type may be read as, the usual one first."""
    return _KINDS[data_type]


def store_upload(source: BinaryIO, file_name: str | None) -> Upload:
    """Copy an upload to the disk in pieces of 1 MB, counting and digesting it.

    Raises ``TooLarge`` or ``Invalid``.
    """
    identity, digest, size, limit = uuid7(), hashlib.sha256(), 0, settings().upload_limit_bytes
    path = upload_path(identity)
    try:
        with open(path, "xb", opener=_private) as target:
            while chunk := source.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(_("The file may have at most %(limit)s bytes.", limit=limit))
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if size == 0:
            detail = _("The file is empty")
            raise Invalid(
                errors=[
                    FieldError(
                        "/file", "empty_file", detail, _("Choose the file that holds the data.")
                    )
                ]
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Upload(identity, display_name(file_name), size, digest.hexdigest())


def look_at(upload: Upload) -> Preview:
    """What is in the file, found out in the limited child.

    Raises ``DecodeRefused`` or ``DecodeTooLarge``.
    """
    return preview(upload.path, file_name=upload.file_name)


def attach(
    session: Session, subject: Subject, resource: DataResource, upload: Upload, found: Preview
) -> Attachment:
    """Record a previewed file of ``resource`` (locked). Raises ``NotPossibleNow``."""
    if subject.user_id is None:
        raise Forbidden(_("Only a person of a department registers data resources"))
    service.move(resource, Act.ATTACH)
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
    append(
        session,
        subject,
        Event.RESOURCE_ATTACHED,
        stream=resource.code,
        obj=_ref(row),
        why={"sha256": row.sha256, "bytes": row.bytes},
        change=(None, row.status.value),
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
        for name in ("encoding", "delimiter", "header_row", "sheet")
        if (value := getattr(body, name)) is not None and value != getattr(kept.options, name)
    }
    if not stated and tuple(body.null_values) == kept.options.null_values:
        return kept
    options = replace(kept.options, **stated, types={}, null_values=tuple(body.null_values))
    if stated:  # columns may be others now; so may the header row, unless only that is stated
        header_row = options.header_row if set(stated) == {"header_row"} else body.header_row
        options = replace(options, header_row=header_row, drop_columns=None)
    return preview(upload_path(row.id), file_name=row.file_name, options=options)


def keep_reading(
    session: Session, subject: Subject, resource: DataResource, row: Attachment, found: Preview
) -> Attachment:
    """Keep another way of reading ``row``: columns to adopt and the confirmation follow it.

    Raises ``NotPossibleNow`` or ``AttachmentRunning``.
    """
    service.move(resource, Act.ATTACH)
    if row.status not in CONFIRMABLE:
        raise AttachmentRunning
    row.preview, row.version = found.to_json(), row.version + 1
    session.flush()
    append(
        session,
        subject,
        Event.RESOURCE_ATTACHED,
        stream=resource.code,
        obj=_ref(row),
        why={"read_again": True, "columns": len(found.columns)},
        change=(row.status.value, row.status.value),
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
    fit the columns, or the encoding that is still to be chosen.
    """
    service.move(resource, Act.ATTACH)
    if row.status not in CONFIRMABLE:
        raise AttachmentRunning
    if found.readings:
        raise encoding_open()
    items = repository.items_of(session, resource.id)
    types = _types(items, found, body)
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
    append(
        session,
        subject,
        Event.RESOURCE_ATTACHED,
        stream=resource.code,
        obj=_ref(row),
        why={"columns": len(described), "left_out": len(left_out)},
        change=(before, row.status.value),
    )
    if not row.is_live:
        enqueue(session, MAKE_SNAPSHOT, lock=f"attachment:{row.id}", attachment_id=str(row.id))
    return row


def waiting(session: Session, attachment_id: UUID) -> Decoding | None:
    """What the job has to do; None when it was done already."""
    row = repository.attachment_by_id(session, attachment_id)
    if row is None or row.status is not AttachmentStatus.CONFIRMED or row.options is None:
        return None
    return Decoding(
        row.id,
        row.resource_id,
        row.version,
        row.file_name,
        ReadOptions.from_json(row.options),
        row.source,
    )


def store(
    session: Session, subject: Subject, order: Decoding, *, snapshot_id: str, rows: int
) -> None:
    """Record that the snapshot is there. A no-op when another run of the job was first."""
    locked = _locked(session, order)
    if locked is None:
        return
    resource, row = locked
    row.status, row.snapshot_id, row.rows, row.stored_at = (
        AttachmentStatus.STORED,
        snapshot_id,
        rows,
        now(),
    )
    row.version += 1
    _touch(resource)
    session.flush()
    append(
        session,
        subject,
        Event.SNAPSHOT_MADE,
        stream=resource.code,
        obj=_ref(row),
        why={"snapshot": snapshot_id, "rows": rows, "sha256": row.sha256},
        change=(AttachmentStatus.CONFIRMED.value, row.status.value),
    )


def refuse(session: Session, subject: Subject, order: Decoding, reason: str, why: Message) -> None:
    """Record that the file cannot be taken, and tell the uploader.

    A no-op when another run was first.
    """
    locked = _locked(session, order)
    if locked is None:
        return
    resource, row = locked
    row.status, row.refusal, row.version = AttachmentStatus.REFUSED, why.to_json(), row.version + 1
    _touch(resource)
    session.flush()
    what = _("The file attached to “%(title)s” was refused: %(why)s", title=resource.title, why=why)
    messages.send(session, user_ids=[row.uploader_id], what=what, href=service.href(resource))
    append(
        session,
        subject,
        Event.ATTACHMENT_REFUSED,
        stream=resource.code,
        obj=_ref(row),
        result="error",
        why={"reason": reason, "sha256": row.sha256},
        change=(AttachmentStatus.CONFIRMED.value, row.status.value),
    )


def current_snapshot(session: Session, resource_id: UUID) -> str | None:
    """The id of the snapshot that holds the resource's data now."""
    row = repository.current_attachment(session, resource_id)
    return row.snapshot_id if row else None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _ref(row: Attachment) -> ObjectRef:
    return ObjectRef("Attachment", str(row.id), row.version)


def _touch(resource: DataResource) -> None:
    resource.version += 1
    resource.updated_at = now()


def _locked(session: Session, order: Decoding) -> tuple[DataResource, Attachment] | None:
    resource = repository.by_id(session, order.resource_id, lock=True)
    row = repository.attachment_by_id(session, order.attachment_id)
    is_current = (
        row is not None
        and row.status is AttachmentStatus.CONFIRMED
        and row.version == order.version
    )
    return (resource, row) if row is not None and is_current else None


def _types(items: Sequence[ResourceItem], found: Preview, body: SnapshotCreate) -> dict[str, str]:
    """The kind of every described column that shall not stay text.

    Raises ``Invalid`` naming what does not fit.
    """
    proposed = {column.name: column.proposed_type for column in found.columns}
    unknown = [name for name in body.types if name not in {item.column_name for item in items}]
    errors = [_unknown_column(name) for name in unknown]
    types: dict[str, str] = {}
    for item in items:
        if item.column_name not in proposed:
            errors.append(_no_column(item, proposed))
            continue
        kind = _kind(
            item,
            proposed[item.column_name],
            body.types.get(item.column_name),
            is_typed=found.is_typed,
        )
        if kind is None:
            errors.append(_other_kind(item, item.column_name in body.types))
        elif kind != Kind.STRING:
            types[item.column_name] = kind
    if not items:
        fix = _("Describe the information items first.")
        errors.append(FieldError("/items", "missing", _("No item is described yet"), fix))
    if errors:
        raise Invalid(errors=errors)
    return types


def _kind(item: ResourceItem, proposed: str, stated: str | None, *, is_typed: bool) -> str | None:
    """The kind to read a column as, None when it contradicts the item's data type.

    A typed file keeps its own types.
    """
    allowed = _KINDS[item.data_type]
    if stated is not None or is_typed:
        chosen = stated or proposed
        return chosen if _base(chosen) in allowed else None
    return proposed if _base(proposed) in allowed else allowed[0].value


def _base(kind: str) -> str:
    return kind.partition("(")[0]


def _no_column(item: ResourceItem, proposed: Mapping[str, str]) -> FieldError:
    detail = _(
        "The file has no column “%(column)s”; it has: %(columns)s",
        column=item.column_name,
        columns="、".join(list(proposed)[:50]),
    )
    fix = _("Correct the column name of the item, or attach the right file.")
    return FieldError(f"/items/{item.position}/column_name", "no_such_column", detail, fix)


def _unknown_column(name: str) -> FieldError:
    pointer = "/types/" + name.replace("~", "~0").replace("/", "~1")
    return FieldError(
        pointer, "no_such_item", _("No item describes this column"), _("Leave it out.")
    )


def _other_kind(item: ResourceItem, is_stated: bool) -> FieldError:
    name = item.column_name.replace("~", "~0").replace("/", "~1")
    pointer = f"/types/{name}" if is_stated else f"/items/{item.position}/data_type"
    detail = _(
        "The item “%(item)s” is declared as %(type)s", item=item.name, type=item.data_type.label
    )
    return FieldError(
        pointer,
        "other_kind",
        detail,
        _("Correct the data type of the item or the kind of the column."),
    )
