"""Workbooks: cells as a clerk sees them, sheets chosen, title rows and two header rows, what is
said about them.

Described in this process, by the function the child runs; the child itself is in
``test_hostile_files.py``.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from shuqiao.arrow.intake.options import DecodeLimits, Preview, ReadOptions
from shuqiao.arrow.intake.previews import decode_file, describe_file
from shuqiao.arrow.intake.readers import DecodeResult, decode, preview
from shuqiao.arrow.intake.workbooks import number_text
from shuqiao.arrow.refusals import DecodeRefused
from tests.shuqiao.arrow.made_files import ods_row, open_document, packed, sheet_xml, workbook

at = datetime.fromisoformat


def look(path: Path, **options: Any) -> Preview:
    stated = ReadOptions(**options).to_json()
    return Preview.from_json(describe_file(str(path), path.name, stated, DecodeLimits().to_json()))


def said(found: Preview) -> str:
    return "\n".join(warning.render("en") for warning in found.warnings)


def names(found: Preview) -> list[str]:
    return [column.name for column in found.columns]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1234567.5, "1234567.5"),
        (1e-7, "0.0000001"),
        (1e21, "1000000000000000000000"),
        (110101199001011234.0, "110101199001011000"),
        (float("nan"), ""),
        (0.1, "0.1"),
        (99999999999999.9, "99999999999999.9"),
    ],
)
def test_numbers_read_as_a_cell_shows_them(value: float, text: str) -> None:
    assert number_text(value) == text


def test_cells_as_a_clerk_sees_them(tmp_path: Path) -> None:
    rows = [
        ["代码", "数", "日期", "时间", "公式", "是否", "备注"],
        ["00501", 1.0, at("2026-02-11"), at("2026-02-11T09:05"), ("=1+1", 2), True, "=cmd|x"],
        [
            "01234567890123456789",
            0.1 + 0.2,
            at("1949-10-01"),
            at("2026-01-01"),
            ("=A9", "甲"),
            False,
            "-1+1",
        ],
        ["-", -5, None, None, ("=B2", 7), None, "@SUM(A1)"],
    ]
    found = look(workbook(tmp_path / "t.xlsx", {"表": rows}))
    assert (found.kind, found.options.sheet, found.options.header_row, found.row_count) == (
        "xlsx",
        "表",
        1,
        3,
    )
    assert found.rows == (
        ("00501", "1", "2026-02-11", "2026-02-11 09:05:00", "2", "TRUE", "=cmd|x"),
        ("01234567890123456789", "0.3", "1949-10-01", "2026-01-01 00:00:00", "甲", "FALSE", "-1+1"),
        ("-", "-5", None, None, "7", None, "@SUM(A1)"),
    )
    kinds = {column.name: column.proposed_type for column in found.columns}
    assert kinds == {
        "代码": "string",
        "数": "float",
        "日期": "date",
        "时间": "datetime",
        "公式": "string",
        "是否": "boolean",
        "备注": "string",
    }
    assert "Formulas, of which the stored results are read: 3" in said(found)


def test_a_sheet_decodes_as_it_was_previewed_through_the_child(tmp_path: Path) -> None:
    rows = [
        ["代码", "人数", "成立日期", None],
        *[[f"{n:05}", n, at("2026-01-01"), None] for n in range(5_000)],
    ]
    path = workbook(tmp_path / "t.xlsx", {"说明": [["见下一表"]], "数据": rows})
    found = preview(path, file_name="t.xlsx", options=ReadOptions(sheet="数据"))
    assert [(s.name, s.rows, s.columns) for s in found.sheets] == [
        ("说明", 1, 1),
        ("数据", 5_001, 3),
    ]
    options = ReadOptions.from_json({**found.options.to_json(), "types": found.proposed_types})
    result: DecodeResult = decode(path, file_name="t.xlsx", options=options, target=tmp_path / "o")
    assert [str(kind) for kind in result.schema.types] == ["string", "int64", "date32[day]"]
    last = list(result.record_batches())[-1].to_pylist()[-1]
    assert (result.rows, last["代码"], last["人数"]) == (5_000, "04999", 4_999)


def test_the_first_visible_sheet_with_values_is_read_and_said(tmp_path: Path) -> None:
    table = [["a", "b"], [1, "x"]]
    path = workbook(
        tmp_path / "t.xlsx", {"空": [], "藏": table, "名录": table, "附": table}, hidden=["藏"]
    )
    found = look(path)
    assert found.options.sheet == "名录"
    sheets = [(sheet.name, sheet.rows, sheet.columns, sheet.is_hidden) for sheet in found.sheets]
    assert sheets == [
        ("空", 0, 0, False),
        ("藏", 2, 2, True),
        ("名录", 2, 2, False),
        ("附", 2, 2, False),
    ]
    assert "“名录” is read" in said(found)
    assert "Sheets hidden in the workbook: 藏." in said(found)
    assert look(path, sheet="藏").options.sheet == "藏"
    with pytest.raises(DecodeRefused) as caught:
        look(path, sheet="没有")
    assert (caught.value.reason, caught.value.errors[0].pointer) == ("no_such_sheet", "/sheet")


def test_title_and_unit_rows_are_skipped_and_the_head_shows_them(tmp_path: Path) -> None:
    rows = [
        ["某市学校名录"],
        [None, None, "单位：人", "2026年"],
        [],
        ["代码", "名称", "人数", "区划"],
        ["001", "甲", 10, "150200"],
        [],
        ["002", "乙", 20, "150202"],
    ]
    path = workbook(tmp_path / "t.xlsx", {"S": rows})
    found = look(path)
    assert (found.options.header_row, names(found), found.row_count) == (
        4,
        ["代码", "名称", "人数", "区划"],
        2,
    )
    assert found.head[0] == ("某市学校名录", None, None, None)
    assert found.head[3] == ("代码", "名称", "人数", "区划")
    assert "1 row without any value" in said(found)
    assert names(look(path, header_row=0)) == ["column_1", "column_2", "column_3", "column_4"]
    assert names(look(path, header_row=5)) == ["001", "甲", "10", "150200"]


def test_two_header_rows_are_joined_and_this_is_said(tmp_path: Path) -> None:
    rows = [
        ["单位", "在校生", None, "教师", None],
        [None, "男", "女", "男", "女"],
        *[[f"学校{n}", n, n + 1, 3, 4] for n in range(5)],
    ]
    found = look(workbook(tmp_path / "t.xlsx", {"S": rows}))
    assert (found.options.header_row, names(found)) == (
        2,
        ["单位", "在校生_男", "在校生_女", "教师_男", "教师_女"],
    )
    assert "Rows 1 to 2 name the columns" in said(found)
    assert names(look(tmp_path / "t.xlsx", header_row=2))[1:3] == ["男", "女"]
    assert names(look(tmp_path / "t.xlsx", header_row=2, header_rows=2)) == names(found)
    assert found.rows[0] == ("学校0", "0", "1", "3", "4")


def test_names_merged_downwards_reach_the_header_row(tmp_path: Path) -> None:
    cells = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{c}{n}"><v>{n}</v></c>' for c in "ABCD") + "</row>"
        for n in range(3, 8)
    )
    text = '<c r="{0}" t="inlineStr"><is><t>{1}</t></is></c>'
    top = (
        '<row r="1">'
        + text.format("A1", "序号")
        + text.format("B1", "名称")
        + text.format("C1", "人数")
        + "</row>"
    )
    second = '<row r="2">' + text.format("C2", "男") + text.format("D2", "女") + "</row>"
    xml = sheet_xml(top + second + cells).replace(
        "</sheetData>",
        '</sheetData><mergeCells count="3"><mergeCell ref="A1:A2"/><mergeCell '
        'ref="B1:B2"/><mergeCell ref="C1:D1"/>'
        "</mergeCells>",
    )
    found = look(packed(tmp_path / "t.xlsx", {"xl/worksheets/sheet1.xml": xml}))
    assert (found.options.header_row, names(found)) == (2, ["序号", "名称", "人数_男", "人数_女"])
    assert "Merged cells: 3" in said(found)


def test_a_table_set_in_the_middle_of_the_sheet(tmp_path: Path) -> None:
    rows = [
        [],
        [],
        [None, None, "名称", None, "数"],
        [None, None, "甲", None, 1],
        [None, None, "乙", None, 2],
    ]
    found = look(workbook(tmp_path / "t.xlsx", {"S": rows}))
    assert (found.options.header_row, names(found), found.row_count) == (3, ["名称", "数"], 2)
    assert len(found.options.drop_columns or ()) == 1


def test_errors_missing_results_and_long_numbers_are_counted(tmp_path: Path) -> None:
    data = (
        '<row r="1"><c r="A1" t="str"><v>号码</v></c><c r="B1" t="str"><v>值</v></c></row>'
        '<row r="2"><c r="A2"><v>110101199001011234</v></c><c r="B2" '
        't="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="3"><c r="A3"><v>7</v></c><c r="B3"><f>1+1</f></c></row>'
    )
    found = look(packed(tmp_path / "t.xlsx", {"xl/worksheets/sheet1.xml": sheet_xml(data)}))
    words = said(found)
    assert "Cells with errors such as #DIV/0!, read as empty: 1" in words
    assert "Formulas without a stored result, read as empty: 1" in words
    assert (
        "Numbers of more than 15 digits, which spreadsheet programs do not keep: 1, in rows 2"
        in words
    )
    assert found.rows[0] == ("110101199001011000", None)


def test_leading_zeros_of_a_number_format_are_read_where_a_column_has_them_throughout(
    tmp_path: Path,
) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    zeros, sheet = book.add_format({"num_format": "00000"}), book.add_worksheet("S")
    for row, number in enumerate([501, 1, 123456], start=1):
        sheet.write_number(row, 1, number, zeros)
        sheet.write_number(row, 2, number, zeros if row > 1 else None)
        sheet.write_string(row, 3, "x")
    for column, name in enumerate(["邮编", "混", "文"], start=1):
        sheet.write_string(0, column, name)
    book.close()
    found = look(tmp_path / "t.xlsx")
    assert found.rows == (("00501", "501", "x"), ("00001", "1", "x"), ("123456", "123456", "x"))
    assert found.columns[0].proposed_type == "string"


def test_macros_are_not_run_and_this_is_said(tmp_path: Path) -> None:
    found = look(packed(tmp_path / "t.xlsm", {"xl/vbaProject.bin": b"\0" * 64}))
    assert found.kind == "xlsm"
    assert "The macros of the workbook are not run." in said(found)


def test_open_document_sheets(tmp_path: Path) -> None:
    number = (
        '<table:table-cell office:value-type="float" '
        'office:value="12.50"><text:p>12,5</text:p></table:table-cell>'
    )
    error = (
        '<table:table-cell calcext:value-type="error" '
        'table:formula="of:=1/0"><text:p>#DIV/0!</text:p>'
    )
    error += "</table:table-cell>"
    rows = (
        ods_row("代码", "名称", "数")
        + f"<table:table-row>{_text('01')}{_text('甲')}{number}</table:table-row>"
    )
    rows += f"<table:table-row>{_text('02')}{_text('乙')}{error}</table:table-row>"
    rows += '<table:table-row table:number-rows-repeated="1048572"><table:table-cell '
    rows += 'table:number-columns-repeated="16384"/></table:table-row>'
    found = look(
        open_document(tmp_path / "t.ods", f'<table:table table:name="表">{rows}</table:table>')
    )
    assert (found.kind, found.options.sheet, found.row_count) == ("ods", "表", 2)
    assert found.rows[0] == ("01", "甲", "12.5")
    assert "Cells with errors such as #DIV/0!, read as empty: 1" in said(found)


def _text(value: str) -> str:
    return (
        f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    )


def test_control_codes_written_as_escapes_are_read(tmp_path: Path) -> None:
    text = '<c r="{0}" t="inlineStr"><is><t>{1}</t></is></c>'
    data = f'<row r="1">{text.format("A1", "名")}{text.format("B1", "注")}</row><row r="2">'
    data += f"{text.format('A2', 'x_x000D_y_x0000_')}{text.format('B2', '_x005F_x0041_')}</row>"
    found = look(packed(tmp_path / "t.xlsx", {"xl/worksheets/sheet1.xml": sheet_xml(data)}))
    assert found.rows == (("x\ry", "_x0041_"),)


def test_an_empty_and_a_one_cell_workbook_are_refused(tmp_path: Path) -> None:
    for rows, reason in (([], "empty"), ([["只有这一格"]], "not_a_table")):
        with pytest.raises(DecodeRefused) as caught:
            look(workbook(tmp_path / "t.xlsx", {"S": rows}))
        assert caught.value.reason == reason


def test_only_workbooks_have_sheets(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(DecodeRefused) as caught:
        look(path, sheet="S")
    assert caught.value.errors[0].pointer == "/sheet"


def test_values_that_do_not_fit_name_the_rows_of_the_sheet(tmp_path: Path) -> None:
    rows = [["题"], ["名", "数"], ["甲", 1], [], ["乙", "多"], ["丙", 3]]
    path = workbook(tmp_path / "t.xlsx", {"S": rows})
    options = ReadOptions(header_row=2, types={"数": "integer"}).to_json()
    with pytest.raises(DecodeRefused) as caught:
        decode_file(str(path), path.name, options, DecodeLimits().to_json(), str(tmp_path / "o"))
    assert caught.value.errors[0].detail.params["rows"] == "5"


def test_numbers_shown_as_percent_are_said_to_be(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["单位", "参保率", "增速", "人数"], ["甲", 0.475, 0.1, 3], ["乙", 1, 0.2, 4]):
        book.active.append(row)
    for cells, shown in ((book.active["B"], "0.0%"), (book.active["C"], "0%")):
        for cell in cells[1:]:
            cell.number_format = shown
    book.save(tmp_path / "t.xlsx")
    found = look(tmp_path / "t.xlsx")
    notes = {column.name: column.note for column in found.columns}
    assert notes["单位"] is None and notes["人数"] is None
    for name, value in (("参保率", "0.475"), ("增速", "0.1")):
        note = notes[name]
        assert note is not None and value in note.render("en") and "percent" in note.render("en")
    assert found.rows[0] == ("甲", "0.475", "0.1", "3")
