"""What can be said about reading a table, and what reading it found:
plain values that travel as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from shuqiao.arrow.intake.plain_values import Plain, are_texts, refuse_unless
from shuqiao.arrow.intake.proposals import is_kind
from shuqiao.i18n import Message, _

#: What a file is, by its bytes. ``xlsm`` is a workbook with macros, ``jsonl`` one
#: JSON record a line; ``postgresql`` is no file but a table of a connected database.
FileKind = Literal[
    "csv", "xlsx", "xlsm", "xls", "ods", "json", "jsonl", "parquet", "arrow", "postgresql"
]
#: Kinds whose columns bring their own types; the others are read as text, and kinds are proposed.
TYPED_KINDS: Final = frozenset({"parquet", "arrow", "postgresql"})
#: Kinds that hold sheets, of which one is read.
WORKBOOK_KINDS: Final = frozenset({"xlsx", "xlsm", "xls", "ods"})
#: Text encodings read, by their Python name; GBK and GB 2312 are subsets of
#: GB18030, Big5 is read as code page 950, EUC-KR as 949, Shift_JIS as 932.
ENCODINGS: Final = (
    "utf-8",
    "utf-16-le",
    "utf-16-be",
    "gb18030",
    "cp950",
    "cp949",
    "cp932",
    "euc_jp",
    "windows-1252",
)
DELIMITERS: Final = (",", ";", "\t", "|")
#: A header further down than this is taken for a mistake.
LAST_HEADER_ROW: Final = 1_000
_STATED: Final = frozenset(
    {"encoding", "delimiter", "header_row", "types", "drop_columns", "null_values", "sheet"}
    | {"header_rows", "skip_last", "fill_down", "skip_hidden_rows"}
)
#: Rows whose cells are joined to the names of the columns, and rows left out at the end, at most.
HEADER_ROWS: Final = 5
LAST_ROWS: Final = 1_000
_SHEET_NAME_LENGTH: Final = 255


@dataclass(frozen=True, slots=True)
class ReadOptions(Plain):
    """How to read one file. What is None is found out by looking at the file.

    ``header_row`` is the row as a spreadsheet counts it (1 is the first), 0 says that there is
    none. ``types`` names a kind (``proposals.Kind``, also ``decimal(p,s)``) for columns that shall
    not stay text; ``drop_columns`` the columns to leave out; both use the column names of the
    preview. ``null_values`` are further texts, besides the empty one, that mean "no value".
    ``sheet`` is the name of the sheet to read, in a workbook. ``header_rows`` says how many rows,
    ``header_row`` the last of them, are joined to the names; ``skip_last`` how many rows with
    values to leave out at the end; ``fill_down`` the columns in which an empty cell takes the value
    above it, as a cell merged downwards means; ``skip_hidden_rows`` leaves out the rows that a
    workbook hides.
    """

    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    drop_columns: tuple[str, ...] | None = None
    null_values: tuple[str, ...] = ()
    sheet: str | None = None
    header_rows: int | None = None
    skip_last: int = 0
    fill_down: tuple[str, ...] = ()
    skip_hidden_rows: bool = False

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ReadOptions":
        """Read what :meth:`to_json` wrote, or what a caller sent.

        Raises :class:`DecodeRefused` naming the field.
        """
        refuse_unless(
            set(stored) <= _STATED, "", _("Only the fields of the reading options may be stated.")
        )
        types, null_values = stored.get("types") or {}, stored.get("null_values") or ()
        drop, fill = stored.get("drop_columns"), stored.get("fill_down") or ()
        refuse_unless(isinstance(types, Mapping), "/types", _("Name one kind per column."))
        refuse_unless(are_texts(types), "/types", _("Name one kind per column."))
        refuse_unless(are_texts(null_values), "/null_values", _("Give a list of texts."))
        refuse_unless(
            drop is None or are_texts(drop), "/drop_columns", _("Give a list of column names.")
        )
        refuse_unless(are_texts(fill), "/fill_down", _("Give a list of column names."))
        options = cls(
            stored.get("encoding"),
            stored.get("delimiter"),
            stored.get("header_row"),
            dict(types),
            None if drop is None else tuple(drop),
            tuple(null_values),
            stored.get("sheet"),
            stored.get("header_rows"),
            stored.get("skip_last") or 0,
            tuple(fill),
            bool(stored.get("skip_hidden_rows")),
        )
        options.check()
        return options

    def check(self) -> None:
        """Refuse what no file can be read with."""
        known = self.encoding is None or self.encoding in ENCODINGS
        refuse_unless(
            known, "/encoding", _("Choose one of: %(choices)s.", choices=", ".join(ENCODINGS))
        )
        known = self.delimiter is None or self.delimiter in DELIMITERS
        refuse_unless(known, "/delimiter", _("Choose comma, semicolon, tab or vertical bar."))
        row = self.header_row
        fits = row is None or (type(row) is int and 0 <= row <= LAST_HEADER_ROW)
        refuse_unless(
            fits, "/header_row", _("Give a row between 0 and %(last)s.", last=LAST_HEADER_ROW)
        )
        rows = self.header_rows
        fits = rows is None or (type(rows) is int and 1 <= rows <= HEADER_ROWS)
        refuse_unless(
            fits, "/header_rows", _("Give a number between 1 and %(last)s.", last=HEADER_ROWS)
        )
        fits = type(self.skip_last) is int and 0 <= self.skip_last <= LAST_ROWS
        refuse_unless(
            fits, "/skip_last", _("Give a number between 0 and %(last)s.", last=LAST_ROWS)
        )
        fits = self.sheet is None or (
            type(self.sheet) is str and len(self.sheet) <= _SHEET_NAME_LENGTH
        )
        refuse_unless(fits, "/sheet", _("Give the name of one of the sheets."))
        for name, kind in self.types.items():
            pointer = "/types/" + name.replace("~", "~0").replace("/", "~1")
            refuse_unless(is_kind(kind), pointer, _("Choose a kind that can be read."))


@dataclass(frozen=True, slots=True)
class DecodeLimits(Plain):
    """Bounds of a decoded table, counted while it is decoded: a file's
    own figures are never believed.
    """

    decoded_bytes: int = 4 * 1_073_741_824
    rows: int = 100_000_000
    columns: int = 2_000
    name_length: int = 200
    cell_bytes: int = 1_048_576
    #: Of a sheet: rows × columns of the part in use, held in memory while it is read.
    sheet_cells: int = 10_000_000
    #: Of a packed workbook: everything in it unpacked (bytes), and how
    #: often smaller one large part may be packed.
    unpacked_bytes: int = 384 * 1_048_576
    packing_ratio: int = 100


@dataclass(frozen=True, slots=True)
class ColumnPreview(Plain):
    """One column: its unique name and the file's own, the kind proposed (and why not more), nulls
    and samples; whether it looks like personal information.
    """

    name: str
    original_name: str
    proposed_type: str
    null_count: int
    samples: tuple[str, ...]
    note: Message | None = None
    is_personal: bool = False

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ColumnPreview":
        note = Message.from_json(stored["note"]) if stored["note"] else None
        return cls(**{**stored, "samples": tuple(stored["samples"]), "note": note})


@dataclass(frozen=True, slots=True)
class SheetPreview(Plain):
    """One sheet of a workbook: rows and columns up to the last cell
    with a value; whether the program hides it.
    """

    name: str
    rows: int
    columns: int
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class EncodingReading(Plain):
    """What one encoding makes of a file: names beyond ASCII, the first
    values beyond ASCII with their rows.
    """

    encoding: str
    names: tuple[str, ...]
    values: tuple[tuple[int, str], ...]

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "EncodingReading":
        values = tuple((row, text) for row, text in stored["values"])
        return cls(stored["encoding"], tuple(stored["names"]), values)


@dataclass(frozen=True, slots=True)
class Preview(Plain):
    """What was found in a file.

    ``options`` reads it just so; proposals of kinds are in ``columns``, not in there.

    ``rows`` are the first 20 as text (None: no value), cells cut to 200 characters; ``row_count``
    counts all data rows; ``confidence`` (0 … 1) is that of the encoding. ``head`` are the first
    rows of the file as they are, titles and header row included, so that a person can choose the
    header row (none for kinds that bring their names); ``sheets`` are those of a workbook.
    ``readings`` are the encodings to choose from while that question is open, the likeliest first:
    all else is shown as that one reads it, ``options`` name none, and nothing can be stored.
    ``last_rows`` are the last ones with their numbers, none when ``rows`` are all. ``problem`` says
    why the file cannot be read this way, by the code ``reason``: another way has to be stated.
    """

    kind: FileKind
    options: ReadOptions
    confidence: float
    columns: tuple[ColumnPreview, ...]
    rows: tuple[tuple[str | None, ...], ...]
    row_count: int
    warnings: tuple[Message, ...]
    head: tuple[tuple[str | None, ...], ...] = ()
    sheets: tuple[SheetPreview, ...] = ()
    readings: tuple[EncodingReading, ...] = ()
    last_rows: tuple[tuple[int, tuple[str | None, ...]], ...] = ()
    problem: Message | None = None
    reason: str | None = None

    def without_cells(self) -> "Preview":
        """The same without a value of the file: what its columns are, and how it is read."""
        return replace(
            self,
            columns=tuple(replace(column, samples=()) for column in self.columns),
            rows=(),
            head=(),
            last_rows=(),
            readings=tuple(replace(each, values=()) for each in self.readings),
        )

    @property
    def is_typed(self) -> bool:
        """Whether the file's columns bring their own types."""
        return self.kind in TYPED_KINDS

    @property
    def proposed_types(self) -> dict[str, str]:
        """The proposals of all columns that need not stay text, as
        ``ReadOptions.types`` takes them.
        """
        return {c.name: c.proposed_type for c in self.columns if c.proposed_type != "string"}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Preview":
        return cls(
            stored["kind"],
            ReadOptions.from_json(stored["options"]),
            stored["confidence"],
            tuple(ColumnPreview.from_json(column) for column in stored["columns"]),
            tuple(tuple(row) for row in stored["rows"]),
            stored["row_count"],
            tuple(Message.from_json(warning) for warning in stored["warnings"]),
            tuple(
                tuple(row) for row in stored.get("head", ())
            ),  # not in previews kept from before there were heads
            tuple(SheetPreview(**sheet) for sheet in stored.get("sheets", ())),
            tuple(EncodingReading.from_json(each) for each in stored.get("readings", ())),
            tuple((row, tuple(cells)) for row, cells in stored.get("last_rows", ())),
            Message.from_json(stored["problem"]) if stored.get("problem") else None,
            stored.get("reason"),
        )
