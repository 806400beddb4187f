"""Rows as an Excel file (XLSX, ISO/IEC 29500) that is written while it is sent: a worksheet of any
length in the memory of a few thousand rows.

Cells are made column by column (no loop over rows), so that a file is as fast as its compression.
Nothing is lost on the way: a text is a text, and a number that Excel cannot hold exactly (it keeps
15 digits), a day before 1900-03-01 or a part of a millisecond is written as text.
"""

import re
import zipfile
from typing import Final
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pat

from exchange.deliveries.errors import WorksheetFull
from exchange.deliveries.service.csv_rows import as_text
from shuqiao.web.downloads import XLSX_ROWS

#: Columns of a worksheet, and characters of a cell (Excel specifications and limits).
COLUMNS: Final = 16_384
CHARACTERS: Final = 32_767
#: Rows whose cells are made at a time.
_SLICE: Final = 2_048
_LEVEL: Final = 1
_DIGITS: Final = r"^-?0*\.?0*(?:[0-9]\.?){0,15}(?:[eE][+-]?[0-9]+)?$"
#: Days from 1899-12-30, Excel's day 0, to 1970-01-01; the first day that every program agrees on.
_EPOCH, _FIRST_DAY = 25_569, 61
_DAY_US: Final = 86_400_000_000
#: What XML cannot hold, and what reads like its replacement (ECMA-376, ST_Xstring).
_UNWRITABLE: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_"
_REPLACED: Final = re.compile(_UNWRITABLE)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS: Final = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_SHEET}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
_END: Final = "</v></c>"
_DAY_STYLE, _MOMENT_STYLE, _HEAD_STYLE = "1", "2", "3"


class Worksheet:
    """One table on one sheet. ``add`` and ``close`` give the bytes of the file that are ready.

    Raises ``WorksheetFull``: more rows, columns or characters than Excel holds, or more bytes.
    """

    def __init__(self, schema: pa.Schema, title: str) -> None:
        if len(schema) > COLUMNS:
            raise WorksheetFull
        self._letters = [_letters(place) for place in range(len(schema))]
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(
            self._sink,
            "w",
            zipfile.ZIP_DEFLATED,
            compresslevel=_LEVEL,
        )
        for name, text in _PARTS.items():
            self._zip.writestr(name, _HEAD + text)
        self._zip.writestr("xl/workbook.xml", _workbook(title))
        self._sheet = self._zip.open("xl/worksheets/sheet1.xml", "w")
        self._row = 1
        self._write((_HEAD + _opening(len(schema)) + self._titles(schema)).encode())

    def add(self, batch: pa.RecordBatch) -> bytes:
        if self._row + batch.num_rows > XLSX_ROWS + 1:
            raise WorksheetFull
        for start in range(0, batch.num_rows, _SLICE):
            part = batch.slice(start, _SLICE)
            self._write(_bytes_of(self._lines(part)))
            self._row += part.num_rows
        return self._sink.taken()

    def close(self) -> bytes:
        self._write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()
        return self._sink.taken()

    def _write(self, text: bytes | memoryview) -> None:
        try:
            self._sheet.write(text)
        except RuntimeError:  # beyond 2 GiB a part needs ZIP64, which spreadsheets do not read
            raise WorksheetFull from None

    def _titles(self, schema: pa.Schema) -> str:
        cells = (
            f'<c r="{letters}1" s="{_HEAD_STYLE}" t="inlineStr"><is>'
            f'<t xml:space="preserve">{escape(_held(name))}</t></is></c>'
            for letters, name in zip(self._letters, schema.names, strict=True)
        )
        return f'<row r="1">{"".join(cells)}</row>'

    def _lines(self, part: pa.RecordBatch) -> pa.Array:
        rows = pa.array(range(self._row + 1, self._row + 1 + part.num_rows)).cast(pa.string())
        cells = [
            _cells(column, letters, rows)
            for letters, column in zip(self._letters, part.columns, strict=True)
        ]
        return _joined('<row r="', rows, '">', *cells, "</row>")


class _Sink:
    """Where the file is written: what is ready is taken away, nothing is looked at again."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """What is ready can still be taken."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _cells(column: pa.Array, letters: str, rows: pa.Array) -> pa.Array:
    """The cells of one column as XML; nothing where a value is missing."""
    kind = column.type
    if pat.is_null(kind):
        return pa.array([""] * len(column), pa.string())
    start = f'<c r="{letters}'
    if pat.is_boolean(kind):
        made = _joined(start, rows, '" t="b"><v>', pc.cast(column, pa.int8()).cast("string"), _END)
    elif pat.is_date(kind):
        days = pc.add(column.cast(pa.int32()), _EPOCH)
        made = _marked(start, rows, _DAY_STYLE, days.cast("string"), column, _is_day(days))
    elif pat.is_timestamp(kind) and kind.tz is None:
        since = column.cast(pa.int64())
        days = pc.add(pc.divide(since.cast(pa.float64(), safe=False), float(_DAY_US)), _EPOCH)
        whole = pc.equal(pc.subtract(since, pc.multiply(pc.divide(since, 1_000), 1_000)), 0)
        is_day = pc.and_(_is_day(days), whole)
        made = _marked(start, rows, _MOMENT_STYLE, days.cast("string"), column, is_day)
    elif pat.is_integer(kind) or pat.is_floating(kind) or pat.is_decimal(kind):
        digits = column.cast(pa.string())
        made = _marked(start, rows, "0", digits, column, pc.match_substring_regex(digits, _DIGITS))
    else:
        made = _texts(start, rows, as_text(column))
    return pc.if_else(column.is_valid(), made, "")


def _marked(
    start: str, rows: pa.Array, style: str, number: pa.Array, column: pa.Array, fits: pa.Array
) -> pa.Array:
    """Numbers where they ``fits``, else the value as text."""
    made = _joined(start, rows, f'" s="{style}"><v>', number, _END)
    if pc.all(fits).as_py():  # missing ones count for nothing
        return made
    return pc.if_else(fits, made, _texts(start, rows, as_text(column)))


def _texts(start: str, rows: pa.Array, texts: pa.Array) -> pa.Array:
    if (pc.max(pc.utf8_length(texts)).as_py() or 0) > CHARACTERS:
        raise WorksheetFull
    if pc.any(pc.match_substring_regex(texts, _UNWRITABLE)).as_py():
        held = [None if text is None else _held(text) for text in texts.to_pylist()]
        texts = pa.array(held, pa.string())
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        texts = pc.replace_substring(texts, sign, entity)
    return _joined(
        start, rows, '" t="inlineStr"><is><t xml:space="preserve">', texts, "</t></is></c>"
    )


def _held(text: str) -> str:
    """What XML cannot hold as ``_x0001_``, which spreadsheets read back."""
    return _REPLACED.sub(
        lambda found: f"_x{ord(found[0]):04X}_" if len(found[0]) == 1 else f"_x005F{found[0]}", text
    )


def _is_day(days: pa.Array) -> pa.Array:
    return pc.greater_equal(days, _FIRST_DAY)


def _joined(*parts: str | pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def _bytes_of(texts: pa.Array) -> memoryview:
    """The texts one behind the other, as they lie in memory."""
    _valid, offsets, data = texts.buffers()
    places = memoryview(offsets).cast("i")
    first, last = places[texts.offset], places[texts.offset + len(texts)]
    return memoryview(data)[first:last]


def _letters(place: int) -> str:
    """A, B, … Z, AA, …"""
    name, rest = "", place + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def _opening(columns: int) -> str:
    return (
        f'<worksheet xmlns="{_SHEET}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f'</sheetView></sheetViews><cols><col min="1" max="{columns}" width="18" customWidth="1"/>'
        "</cols><sheetData>"
    )


def _workbook(title: str) -> str:
    name = re.sub(r"[\[\]:*?/\\]", " ", _held(title))[:31].strip("' ") or "Sheet1"
    return (
        f'{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_REL}"><sheets>'
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>"
    )
