"""Small workbooks, Arrow files and JSON made for tests, friendly and hostile."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = {
    "[Content_Types].xml": "<Types "
    'xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": "<Relationships "
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_RELATIONS}/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
    "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1"><c '
    'r="A1"><v>1</v></c>'
    '<c r="B1"><v>2</v></c></row></sheetData></worksheet>',
}
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def workbook(
    path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()
) -> Path:
    """An XLSX file: texts stay texts, ``=…`` only as (formula, result) pairs, times formatted as
    such.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    formats = {"date": book.add_format({"num_format": "yyyy-mm-dd"})}
    formats["datetime"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(
                        row, column, cell, formats["datetime" if cell.hour else "date"]
                    )
                elif isinstance(cell, tuple):
                    sheet.write_formula(row, column, cell[0], None, cell[1])
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return path


def packed(path: Path, parts: Mapping[str, str | bytes], level: int = 9) -> Path:
    """An XLSX file of raw parts; those not given are the least a reader wants."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, part in {**_PARTS, **parts}.items():
            archive.writestr(name, part)
    return path


def sheet_xml(data: str) -> str:
    """The XML of a worksheet around its rows."""
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>'
    )


def open_document(path: Path, tables: str, prologue: str = "") -> Path:
    """An ODS file; ``tables`` is what stands in ``office:spreadsheet``."""
    content = (
        f'<?xml version="1.0"?>{prologue}<office:document-content '
        f'xmlns:office="{_OFFICE}:office:1.0" '
        f'xmlns:table="{_OFFICE}:table:1.0" xmlns:text="{_OFFICE}:text:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        archive.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><manifest/>')
        archive.writestr("content.xml", content)
    return path


def ods_row(*cells: str, repeated: int = 1) -> str:
    """One row of text cells of an ODS table."""
    inner = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def arrow_bytes(table: pa.Table, *, stream: bool = False, compression: str | None = None) -> bytes:
    """An Arrow IPC file or stream."""
    sink = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    make = pa.ipc.new_stream if stream else pa.ipc.new_file
    with make(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return sink.getvalue()
