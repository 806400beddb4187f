"""Rows as files for people: what a spreadsheet reads back is what was granted."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest
from python_calamine import load_workbook

from exchange.deliveries.errors import WorksheetFull
from exchange.deliveries.service import worksheets
from exchange.deliveries.service.csv_rows import head, lines
from exchange.deliveries.service.worksheets import Worksheet

LONG_AGO = datetime.fromisoformat("1800-01-01")
DAY, MOMENT = date(2024, 2, 29), datetime.fromisoformat("2024-02-29T12:30:15")
ROWS = pa.RecordBatch.from_pydict(
    {
        "文本": ["a<b>&\"c'", None, "", "=1+1", "007"],
        "整数": [1, None, 10**16, -5, 123_456_789_012_345],
        "小数": pa.array(
            [Decimal("1.50"), None, Decimal("-2.00"), None, None], pa.decimal128(30, 2)
        ),
        "日期": [DAY, None, date(1900, 1, 1), DAY, DAY],
        "时间": pa.array(
            [MOMENT, None, LONG_AGO, MOMENT.replace(microsecond=7), MOMENT],
            pa.timestamp("us"),
        ),
        "是否": [True, False, None, True, False],
        "=名": pa.array([b"\x00\xff", None, b"", None, None], pa.binary()),
    }
)


def book(batch: pa.RecordBatch, title: str = "学校") -> bytes:
    sheet = Worksheet(batch.schema, title)
    return sheet.add(batch) + sheet.close()


def test_a_worksheet_reads_back_as_it_was() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(book(ROWS))).active
    assert sheet is not None and sheet.title == "学校"
    names, *rows = sheet.iter_rows(values_only=True)
    assert names == tuple(ROWS.schema.names)
    midnight = datetime.fromisoformat("2024-02-29")
    assert rows == [
        ("a<b>&\"c'", 1, 1.5, midnight, MOMENT, True, "00ff"),
        (None, None, None, None, None, False, None),
        ("", "10000000000000000", -2, "1900-01-01", "1800-01-01 00:00:00", None, ""),
        ("=1+1", -5, None, midnight, "2024-02-29 12:30:15.000007", True, None),
        ("007", 123_456_789_012_345, None, midnight, MOMENT, False, None),
    ]


def test_another_reader_reads_the_same() -> None:
    read = load_workbook(io.BytesIO(book(ROWS))).get_sheet_by_index(0).to_python()
    assert read[1] == ["a<b>&\"c'", 1.0, 1.5, DAY, MOMENT, True, "00ff"]
    assert read[5][0] == "007"


def test_many_batches_make_one_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worksheets, "_SLICE", 2)
    sheet = Worksheet(ROWS.schema, "长/名:*" + "字" * 40)
    made = b"".join([sheet.add(ROWS), sheet.add(ROWS.slice(1, 3)), sheet.close()])
    read = load_workbook(io.BytesIO(made))
    assert len(read.get_sheet_by_index(0).to_python()) == 1 + 5 + 3
    (name,) = read.sheet_names
    assert len(name) == 31 and "/" not in name


def test_what_xml_cannot_hold_is_written_as_excel_does() -> None:
    made = book(pa.RecordBatch.from_pydict({"a": ["x\x01y", "_x0041_"]}))
    read = [row[0] for row in load_workbook(io.BytesIO(made)).get_sheet_by_index(0).to_python()]
    assert read[1:] == ["x\x01y", "_x0041_"]


@pytest.mark.parametrize("rows", [5, 6])
def test_a_worksheet_takes_as_many_rows_as_excel(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worksheets, "XLSX_ROWS", 5)
    sheet = Worksheet(ROWS.schema, "学校")
    sheet.add(ROWS)
    if rows == 5:
        assert sheet.close()
        return
    with pytest.raises(WorksheetFull):
        sheet.add(ROWS.slice(0, 1))


def test_a_text_that_no_cell_holds_is_refused_and_not_cut() -> None:
    fits = pa.RecordBatch.from_pydict({"a": ["x" * worksheets.CHARACTERS]})
    assert book(fits)
    with pytest.raises(WorksheetFull):
        book(pa.RecordBatch.from_pydict({"a": ["x" * (worksheets.CHARACTERS + 1)]}))


def test_csv_is_utf8_with_a_mark_and_guards_only_what_would_run() -> None:
    texts = ["=1+1", "-5.2", "-", "+86-471-123", "@x", "-2+3+cmd|' /C calc'!A0", "呼和浩特", ""]
    batch = pa.RecordBatch.from_pydict({"=名": texts, "数": list(range(8))})
    made = head(batch.schema) + lines(batch)
    assert made.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))
    assert read[0] == ["'=名", "数"]
    assert [row[0] for row in read[1:]] == [
        *("'=1+1", "-5.2", "-", "+86-471-123", "'@x", "'-2+3+cmd|' /C calc'!A0", "呼和浩特", "")
    ]


def test_csv_writes_every_stored_type() -> None:
    read = list(csv.reader(io.StringIO(lines(ROWS).decode())))
    assert read[0] == [
        "a<b>&\"c'",
        "1",
        "1.50",
        "2024-02-29",
        "2024-02-29 12:30:15",
        "true",
        "00ff",
    ]
    assert read[2][1:4] == ["10000000000000000", "-2.00", "1900-01-01"]
