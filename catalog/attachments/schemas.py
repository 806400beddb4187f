"""Attached data as it is written and read."""

import re
from datetime import datetime
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import BaseModel, Field

from audit.schemas import EventReceipt
from catalog.attachments.models import Attachment
from catalog.attachments.words import AttachmentStatus
from catalog.resources.schemas import ColumnName, ReadingRead, ValueRead
from shuqiao.arrow.intake.options import HEADER_ROWS, LAST_ROWS, EncodingReading, Preview
from shuqiao.i18n import Message
from shuqiao.texts import CodeText, ShortText, Strict, TextRule, example

#: The addresses that take files; everywhere else a body of that size is refused unread.
UPLOAD_PATHS: Final = re.compile(r"/attachments/?$")


class ColumnRead(BaseModel):
    """A column found in an attached file, with the kind proposed for it and why no other;
    ``is_personal``: it looks like personal information.
    """

    name: str
    original_name: str
    proposed_type: str
    null_count: int
    samples: list[str]
    note: str | None
    is_personal: bool


class AttachmentSummary(BaseModel):
    """An attached file without anything of its content."""

    id: UUID
    file_name: str
    bytes: int
    sha256: str
    status: AttachmentStatus
    created_at: datetime
    rows: int | None
    refusal: str | None

    @classmethod
    def of_row(cls, row: Attachment) -> Self:
        refusal = str(Message.from_json(row.refusal)) if row.refusal else None
        return cls(
            refusal=refusal,
            **row.model_dump(include=set(AttachmentSummary.model_fields) - {"refusal"}),
        )


class SheetRead(BaseModel):
    """A sheet of an attached workbook with its size; ``is_hidden`` as set in the workbook."""

    name: str
    rows: int
    columns: int
    is_hidden: bool


class LastRow(BaseModel):
    """A row near the end of an attached file, with its number in the file."""

    row: int
    cells: list[str | None]


class AttachmentRead(AttachmentSummary):
    """An attached file with what was found in it.

    It holds data: for registrars of the provider only.

    ``head`` are the first rows as they are, titles included, to choose the header row from;
    ``sheets`` those of a workbook, to choose one from. ``readings`` are the encodings it may be in,
    the likeliest first, as long as one is to be chosen: all else is as that one reads it, and
    nothing can be stored before. ``problem`` says why it cannot be read this way: another way has
    to be stated. ``last_rows`` are the last ones of a long table.
    """

    kind: str
    row_count: int
    columns: list[ColumnRead]
    preview_rows: list[list[str | None]]
    last_rows: list[LastRow]
    problem: str | None
    head: list[list[str | None]]
    sheets: list[SheetRead]
    readings: list[ReadingRead]
    reading_options: dict[str, Any]
    warnings: list[str]
    snapshot_id: str | None

    @classmethod
    def of(cls, row: Attachment) -> Self:
        """The file as stored; texts in the reader's language."""
        found = Preview.from_json(row.preview)
        columns = [
            ColumnRead(
                name=column.name,
                original_name=column.original_name,
                proposed_type=column.proposed_type,
                null_count=column.null_count,
                samples=list(column.samples),
                note=str(column.note) if column.note else None,
                is_personal=column.is_personal,
            )
            for column in found.columns
        ]
        return cls(
            kind=found.kind,
            row_count=found.row_count,
            columns=columns,
            preview_rows=[list(cells) for cells in found.rows],
            last_rows=[LastRow(row=row, cells=list(cells)) for row, cells in found.last_rows],
            problem=str(found.problem) if found.problem else None,
            head=[list(cells) for cells in found.head],
            sheets=[SheetRead(**sheet.to_json()) for sheet in found.sheets],
            readings=[_reading(reading) for reading in found.readings],
            reading_options=row.options or found.options.to_json(),
            warnings=[str(warning) for warning in found.warnings],
            snapshot_id=row.snapshot_id,
            **dict(AttachmentSummary.of_row(row)),
        )


def _reading(reading: EncodingReading) -> ReadingRead:
    values = [ValueRead(row=row, text=text) for row, text in reading.values]
    return ReadingRead(encoding=reading.encoding, names=list(reading.names), values=values)


class ReadingCreate(Strict):
    """How a file is to be read.

    What is not stated stays as it is, or is found out anew if it depends on the rest. Rows up to
    ``header_row`` name the columns, ``header_rows`` of them joined; ``skip_last`` rows are left out
    at the end; an empty cell of a column of ``fill_down`` takes the value above it.
    """

    model_config = example()

    null_values: Annotated[list[Annotated[str, TextRule(100)]], Field(max_length=20)] = Field(
        default_factory=list
    )
    encoding: ShortText | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    header_row: Annotated[int, Field(ge=0, le=1_000)] | None = None
    sheet: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    header_rows: Annotated[int, Field(ge=1, le=HEADER_ROWS)] | None = None
    skip_last: Annotated[int, Field(ge=0, le=LAST_ROWS)] | None = None
    drop_columns: Annotated[list[ColumnName], Field(max_length=2_000)] | None = None
    fill_down: Annotated[list[ColumnName], Field(max_length=2_000)] | None = None
    skip_hidden_rows: bool | None = None


class SnapshotCreate(ReadingCreate):
    """Confirmation of how a file is read.

    Kinds not named follow the items' data types; other columns are left out.
    """

    types: Annotated[dict[ColumnName, ShortText], Field(max_length=2_000)] = Field(
        default_factory=dict
    )


class AttachmentChanged(AttachmentRead, EventReceipt):
    """An attached file after a change."""


class RelationAttach(Strict):
    """A table to attach: stored as a snapshot, or ``is_live``: read at every delivery, never stored
    here.
    """

    model_config = example(alias="edu", schema_name="public", table_name="school", is_live=True)

    alias: CodeText
    schema_name: ColumnName
    table_name: ColumnName
    is_live: bool = False
