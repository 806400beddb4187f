"""Files to download: what a spreadsheet would run is disarmed, moments are Beijing time, nothing is
cut off.
"""

import io
from datetime import UTC, date, datetime
from typing import IO

import openpyxl
import pytest

from shuqiao.errors import Invalid
from shuqiao.i18n import _
from shuqiao.web import downloads
from shuqiao.web.downloads import FileKind, TitledColumn, guarded, jsonl_file, table_file

COLUMNS = [TitledColumn(_("Name")), TitledColumn(_("Data type"))]
AT = datetime(2026, 2, 11, 1, 5, tzinfo=UTC)


def written(file: IO[bytes]) -> bytes:
    with file:
        file.seek(0)
        return file.read()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+A1",
        "-A1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        "＋A1",
        "－A1",
        "＠SUM(A1)",
        " =1",
        "\u3000＝1",
        "\n=1",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"
    assert guarded(f"a{text}") == f"a{text}"


@pytest.mark.parametrize("text", ["-5.2", "-", "+86-471-123 4567", "－1", "-1.5E-10", "", "+(1)"])
def test_what_runs_nothing_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_csv_holds_numbers_days_and_moments_as_read() -> None:
    rows = [(-5, date(2026, 2, 11)), (True, AT), (None, '"，\n')]
    assert written(table_file(FileKind.CSV, _("Name"), COLUMNS, rows)).decode("utf-8-sig").split(
        "\r\n"
    )[1:] == ["-5,2026-02-11", "是,2026-02-11 09:05:00", ',"""，\n"', ""]


def test_xlsx_keeps_zeros_and_letters_and_dates() -> None:
    file = table_file(FileKind.XLSX, _("Name"), COLUMNS, [("007", "=1"), (12, AT)])
    sheet = openpyxl.load_workbook(io.BytesIO(written(file))).active
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["007", "=1"],
        [12, AT.replace(hour=9, tzinfo=None)],
    ]
    assert sheet["B2"].data_type == "s"


def test_more_rows_than_a_worksheet_holds_are_refused_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(downloads, "XLSX_ROWS", 2)
    with pytest.raises(Invalid):
        table_file(FileKind.XLSX, _("Name"), COLUMNS, [("a", "b")] * 3)


def test_json_lines_are_one_object_a_line() -> None:
    file = jsonl_file([{"名称": "学校\n"}, {}])
    assert written(file).decode() == '{"名称":"学校\\n"}\n{}\n'
