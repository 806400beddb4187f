"""A file is refused for what is read of it and for no other part; real damage is found."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from shuqiao.arrow.intake.options import DecodeLimits, Preview, ReadOptions
from shuqiao.arrow.intake.previews import describe_file
from shuqiao.arrow.refusals import DecodeRefused
from tests.shuqiao.arrow.made_files import (
    arrow_bytes,
    ods_row,
    open_document,
    packed,
    sheet_xml,
    workbook,
)

ROWS = [["编号", "名称"], ["001", "一小"], ["002", "二小"]]
ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'


def look(path: Path, **options: Any) -> Preview:
    stated = ReadOptions(**options).to_json()
    return Preview.from_json(describe_file(str(path), path.name, stated, DecodeLimits().to_json()))


def rewritten(
    path: Path,
    rename: Any = lambda n: n,
    more: Mapping[str, bytes] | None = None,
    edit: Any = lambda _n, b: b,
) -> Path:
    source = workbook(path.with_name("source.xlsx"), {"表": ROWS})
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            part = zipfile.ZipInfo("x")
            part.filename = rename(name)
            new.writestr(part, edit(name, old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return path


def said(found: Preview) -> str:
    return "\n".join(words.render("en") for words in found.warnings)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("customXml/item1.xml", '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16")),
        ("customXml/item1.xml", ENTITY.encode()),
        ("docProps/custom.xml", ENTITY.encode()),
    ],
)
def test_parts_that_nobody_reads_refuse_no_workbook(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = (
        rewritten(tmp_path / "t.xlsx", more={name: content})
        if "docProps" not in name
        else (rewritten(tmp_path / "t.xlsx", more={"docProps/x/custom.xml": content}))
    )
    assert look(path).rows == (("001", "一小"), ("002", "二小"))


def test_macros_of_an_open_document_refuse_nothing(tmp_path: Path) -> None:
    tables = '<table:table table:name="a">' + ods_row("编号", "名称") + ods_row("001", "一小")
    path = open_document(tmp_path / "t.ods", tables + "</table:table>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("Basic/script-lc.xml", ENTITY)
    assert look(path).rows == (("001", "一小"),)


def test_a_sheet_kept_where_nobody_looks_is_refused(tmp_path: Path) -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="/customXml/item1.xml"/></Relationships>'
    )
    parts = {"xl/_rels/workbook.xml.rels": relations, "customXml/item1.xml": sheet_xml("")}
    with pytest.raises(DecodeRefused) as caught:
        look(packed(tmp_path / "t.xlsx", parts))
    assert caught.value.reason == "workbook_damaged"


def test_names_with_backslashes_are_read(tmp_path: Path) -> None:
    path = rewritten(tmp_path / "t.xlsx", rename=lambda name: name.replace("/", "\\"))
    assert look(path).rows == (("001", "一小"), ("002", "二小"))


def test_a_workbook_lies_where_its_package_says(tmp_path: Path) -> None:
    def edit(name: str, content: bytes) -> bytes:
        if name in ("[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"):
            return content.replace(b"/xl/", b"/").replace(b'"xl/', b'"')
        return content

    path = rewritten(tmp_path / "t.xlsx", lambda name: name.removeprefix("xl/"), edit=edit)
    assert look(path).rows == (("001", "一小"), ("002", "二小"))


def test_hidden_rows_and_columns_are_said_and_left_out_by_choice(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "t.xlsx"))
    sheet = book.add_worksheet("S")
    for row, cells in enumerate((["姓名", "证件号", "单位"], ["甲", "X1", "A"], ["乙", "X2", "B"])):
        sheet.write_row(row, 0, cells)
    sheet.set_column(1, 1, None, None, {"hidden": True})
    sheet.set_row(2, None, None, {"hidden": True})
    book.close()
    found = look(tmp_path / "t.xlsx")
    assert found.row_count == 2
    assert "Columns hidden in the workbook, read like the others: 证件号." in said(found)
    assert "Rows hidden in the workbook, read like the others: 1, in rows 3." in said(found)
    found = look(tmp_path / "t.xlsx", skip_hidden_rows=True, drop_columns=("证件号",))
    assert found.rows == (("甲", "A"),)
    assert "Rows hidden in the workbook are left out: 1." in said(found)


def test_hidden_rows_and_columns_of_an_open_document(tmp_path: Path) -> None:
    column = '<table:table-column table:number-columns-repeated="{}"{}/>'
    hidden = ' table:visibility="collapse"'
    tables = (
        '<table:table table:name="a">'
        + column.format(1, "")
        + column.format(1, hidden)
        + ods_row("名", "证", "值")
        + ods_row("甲", "1", "x")
        + ods_row("乙", "2", "y").replace("<table:table-row", f"<table:table-row{hidden}")
    )
    found = look(open_document(tmp_path / "t.ods", tables + "</table:table>"))
    assert "others: 证." in said(found) and "in rows 3." in said(found)


@pytest.mark.parametrize("values", [pa.string_view(), pa.binary_view(), pa.large_string()])
@pytest.mark.parametrize("is_stream", [True, False])
def test_dictionaries_of_any_text_are_read(
    tmp_path: Path, values: pa.DataType, is_stream: bool
) -> None:
    texts = pa.array(["a", "b"]).cast(pa.binary() if values == pa.binary_view() else pa.string())
    column = pa.DictionaryArray.from_arrays(pa.array([0, None, 1], pa.int8()), texts.cast(values))
    (tmp_path / "t.arrow").write_bytes(arrow_bytes(pa.table({"c": column}), stream=is_stream))
    assert look(tmp_path / "t.arrow").rows == (("a",), (None,), ("b",))


def test_an_altered_page_of_parquet_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    table = pa.table({"名": [f"value-{n:06}" for n in range(1_000)]})
    pq.write_table(table, path, compression="none", use_dictionary=False, write_page_checksum=True)
    whole = path.read_bytes()
    assert look(path).row_count == 1_000
    path.write_bytes(whole.replace(b"value-000500", b"value-000599"))
    with pytest.raises(DecodeRefused) as caught:
        look(path)
    assert caught.value.reason == "parquet_damaged"
