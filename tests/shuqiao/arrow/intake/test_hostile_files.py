"""Files made to harm: bombs, lies, entities, cut files. Refused in one sentence; our own memory
does not move.

What could take memory goes through the real child, under limits lower than the service's.
"""

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from shuqiao.arrow.child.decoding import ChildLimits
from shuqiao.arrow.intake.options import DecodeLimits, Preview, ReadOptions
from shuqiao.arrow.intake.previews import describe_file
from shuqiao.arrow.intake.readers import IntakeLimits, preview
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from tests.shuqiao.arrow.made_files import (
    arrow_bytes,
    ods_row,
    open_document,
    packed,
    sheet_xml,
    workbook,
)

MB = 1_048_576
SMALL = IntakeLimits(child=ChildLimits(memory_bytes=800 * MB, cpu_seconds=20, wall_seconds=120.0))
SHEET = "xl/worksheets/sheet1.xml"


def anonymous_bytes() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1_024 for line in lines if line.startswith("RssAnon"))


def in_child(path: Path) -> DecodeRefused:
    before = anonymous_bytes()
    with pytest.raises(DecodeRefused) as caught:
        preview(path, file_name=path.name, limits=SMALL)
    assert anonymous_bytes() - before < 16 * MB
    return in_one_sentence(caught.value)


def in_one_sentence(refused: DecodeRefused) -> DecodeRefused:
    assert refused.detail is not None
    assert refused.detail.render("zh_CN") != refused.detail.render("en")
    return refused


def here(path: Path, **options: Any) -> DecodeRefused:
    with pytest.raises(DecodeRefused) as caught:
        look(path, **options)
    return in_one_sentence(caught.value)


def look(path: Path, **options: Any) -> Preview:
    stated, limits = ReadOptions(**options).to_json(), DecodeLimits().to_json()
    return Preview.from_json(describe_file(str(path), path.name, stated, limits))


def blanks(mebibytes: int) -> bytes:
    """What unpacks to so many blanks: one piece of raw deflate, repeated."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = deflate.compress(b" " * MB) + deflate.flush(zlib.Z_FULL_FLUSH)
    return piece * mebibytes + deflate.flush()


def with_raw_member(path: Path, name: str, raw: bytes, claimed: int, crc: int = 0) -> Path:
    """An XLSX file with one more member, deflated already, of which the
    directory claims any size.
    """
    packed(path, {name: b"x" * 64})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.getinfo(name).header_offset
        size = archive.getinfo(name).compress_size
        start = archive.start_dir
    body = offset + 30 + len(name)
    added = len(raw) - size
    content[offset + 14 : offset + 26] = struct.pack("<III", crc, len(raw), claimed)
    entry = content.index(b"PK\x01\x02", start)
    while content[entry + 46 : entry + 46 + len(name)] != name.encode():
        lengths = struct.unpack("<HHH", content[entry + 28 : entry + 34])
        at = struct.unpack("<I", content[entry + 42 : entry + 46])[0]
        if at > offset:
            content[entry + 42 : entry + 46] = struct.pack("<I", at + added)
        entry += 46 + sum(lengths)
    content[entry + 16 : entry + 28] = struct.pack("<III", crc, len(raw), claimed)
    end = content.rindex(b"PK\x05\x06")
    content[end + 16 : end + 20] = struct.pack("<I", start + added)
    path.write_bytes(bytes(content[:body]) + raw + bytes(content[body + size :]))
    return path


class TestBombs:
    def test_a_workbook_of_gigabytes_is_refused_by_its_directory(self, tmp_path: Path) -> None:
        raw = blanks(64)
        path = with_raw_member(tmp_path / "t.xlsx", SHEET, raw, 4_000 * MB)
        assert path.stat().st_size < 100_000
        refused = here(path)
        assert (type(refused), refused.reason, refused.status) == (
            DecodeTooLarge,
            "unpacked_size",
            413,
        )

    def test_a_directory_that_claims_less_is_found_out_while_unpacking(
        self, tmp_path: Path
    ) -> None:
        path = with_raw_member(tmp_path / "t.xlsx", SHEET, blanks(1_500), 4_096)
        assert in_child(path).reason == "workbook_damaged"

    def test_a_part_packed_too_well_is_refused(self, tmp_path: Path) -> None:
        path = packed(tmp_path / "t.xlsx", {"xl/sharedStrings.xml": b" " * 20 * MB})
        assert here(path).reason == "unpacked_size"

    def test_a_sheet_from_one_corner_to_the_other(self, tmp_path: Path) -> None:
        corner = (
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c '
            'r="XFD1048576"><v>2</v></c></row>'
        )
        for xml in (corner, corner.replace('"', "'"), corner.replace("XFD", "xfd")):
            path = packed(tmp_path / "t.xlsx", {SHEET: sheet_xml(xml)})
            assert in_child(path).reason == "sheet_cells"

    def test_a_dimension_that_lies_is_not_believed(self, tmp_path: Path) -> None:
        xml = sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>')
        xml = xml.replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
        path = packed(tmp_path / "t.xlsx", {SHEET: xml})
        (sheet,) = preview(path, file_name="t.xlsx", limits=SMALL).sheets
        assert (sheet.rows, sheet.columns) == (1, 2)

    def test_cells_said_to_be_repeated(self, tmp_path: Path) -> None:
        wide = (
            '<table:table-row><table:table-cell office:value-type="string" '
            'table:number-columns-repeated="16384">'
        )
        wide = wide.replace("-row>", '-row table:number-rows-repeated="1048576">')
        rows = wide + "<text:p>x</text:p></table:table-cell></table:table-row>"
        path = open_document(
            tmp_path / "t.ods", f'<table:table table:name="S">{rows}</table:table>'
        )
        assert in_child(path).reason == "sheet_cells"
        rows = ods_row("a", "b", repeated=9_000_000)
        path = open_document(
            tmp_path / "t.ods", f'<table:table table:name="S">{rows}</table:table>'
        )
        assert in_child(path).reason == "sheet_cells"

    def test_shared_strings_that_claim_to_be_many(self, tmp_path: Path) -> None:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        strings = (
            f'<sst xmlns="{main}" count="4000000000" uniqueCount="4000000000">'
            "<si><t>a</t></si></sst>"
        )
        path = packed(tmp_path / "t.xlsx", {"xl/sharedStrings.xml": strings})
        assert (
            in_child(path).reason == "crashed"
        )  # the library believes the count and gives up; the child is for this

    def test_more_parts_than_a_workbook_has(self, tmp_path: Path) -> None:
        path = packed(
            tmp_path / "t.xlsx", {f"xl/{number}.xml": "<a/>" for number in range(5_001)}, level=1
        )
        assert here(path).reason == "workbook_damaged"


class TestEntities:
    LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'

    @pytest.mark.parametrize(
        "part", ["xl/sharedStrings.xml", SHEET, "xl/workbook.xml", "xl/styles.xml"]
    )
    def test_of_a_workbook(self, tmp_path: Path, part: str) -> None:
        for prologue in (
            self.LAUGHS,
            '<!doctype x SYSTEM "file:///etc/passwd">',
            " " * 262_140 + self.LAUGHS,
        ):
            path = packed(
                tmp_path / "t.xlsx",
                {part: f'<?xml version="1.0"?>{prologue}<sst><si><t>&b;</t></si></sst>'},
            )
            assert here(path).reason == "entities"

    def test_of_an_open_document(self, tmp_path: Path) -> None:
        table = f'<table:table table:name="S">{ods_row("&b;", "x")}</table:table>'
        assert here(open_document(tmp_path / "t.ods", table, self.LAUGHS)).reason == "entities"

    def test_a_part_in_utf_16_hides_nothing(self, tmp_path: Path) -> None:
        hidden = f'<?xml version="1.0"?>{self.LAUGHS}<sst/>'.encode("utf-16")
        assert (
            here(packed(tmp_path / "t.xlsx", {"xl/sharedStrings.xml": hidden})).reason
            == "workbook_damaged"
        )


class TestDamage:
    def test_workbooks_cut_off(self, tmp_path: Path) -> None:
        whole = workbook(
            tmp_path / "w.xlsx", {"S": [["a", "b"], *[[n, f"x{n}"] for n in range(500)]]}
        ).read_bytes()
        for length in (4, 30, len(whole) // 2, len(whole) - 30, len(whole) - 1):
            path = tmp_path / "t.xlsx"
            path.write_bytes(whole[:length])
            assert here(path).reason == "workbook_damaged", length

    def test_open_documents_cut_off(self, tmp_path: Path) -> None:
        table = f'<table:table table:name="S">{ods_row("a", "b", repeated=3)}</table:table>'
        whole = open_document(tmp_path / "w.ods", table).read_bytes()
        path = tmp_path / "t.ods"
        path.write_bytes(whole[: len(whole) // 2])
        assert here(path).reason == "workbook_damaged"
        assert here(open_document(path, table[:-20])).reason == "workbook_damaged"

    def test_old_workbooks_cut_off_or_empty(self, shared_data: Path, tmp_path: Path) -> None:
        whole = (shared_data / "tables" / "messy" / "simple.xls").read_bytes()
        found = []
        for length in (600, len(whole) // 2, len(whole) - 2_048):
            path = tmp_path / "t.xls"
            path.write_bytes(whole[:length])
            found.append(here(path).reason)
        assert found == ["not_a_table", "workbook_damaged", "workbook_damaged"]
        path.write_bytes(whole[:-512])  # the last sector holds nothing of the table
        assert look(path).row_count == 6

    def test_xml_that_is_none(self, tmp_path: Path) -> None:
        for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
            assert (
                here(packed(tmp_path / "t.xlsx", {part: "<workbook><sheets>"})).reason
                == "workbook_damaged"
            )


class TestOtherFiles:
    def test_workbooks_with_a_password(self, tmp_path: Path) -> None:
        name = "EncryptedPackage".encode("utf-16-le")
        entry = name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little")
        path = tmp_path / "t.xlsx"
        path.write_bytes(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(1_024, b"\0") + entry + b"\0" * 512
        )
        assert here(path).reason == "password"
        manifest = (
            '<manifest><file-entry full-path="content.xml">'
            "<encryption-data/></file-entry></manifest>"
        )
        with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("META-INF/manifest.xml", manifest)
            archive.writestr("content.xml", b"\x01\x02\x03")
        assert here(tmp_path / "t.ods").reason == "password"

    @pytest.mark.parametrize(
        ("parts", "name"),
        [
            ({"word/document.xml": "<a/>", "[Content_Types].xml": "<a/>"}, "t.xlsx"),
            ({"ppt/presentation.xml": "<a/>"}, "t.pptx"),
            ({"xl/workbook.bin": "x"}, "t.xlsb"),
            (
                {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"},
                "t.odt",
            ),
            ({"学校.csv": "a,b\n1,2\n"}, "t.csv"),
        ],
    )
    def test_other_packed_files_say_what_they_are(
        self, tmp_path: Path, parts: dict[str, str], name: str
    ) -> None:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        assert here(tmp_path / name).reason == "not_a_table"

    @pytest.mark.parametrize(
        "head",
        [
            b"%PDF-1.7\n",
            b"{\\rtf1",
            b"GIF89a",
            b"\xff\xd8\xff\xe0",
            b"BM\x36\0\0\0\0\0",
            b"SQLite format 3\0",
            b"\x1f\x8b\x08\0",
            b"FEA1\0\0\0\0",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"<html><table>",
            b"\xef\xbb\xbf<?xml version='1.0'?><Workbook>",
            b"  <!-- Excel --><table>",
        ],
    )
    def test_files_that_are_no_tables(self, tmp_path: Path, head: bytes) -> None:
        path = tmp_path / "t.xls"
        path.write_bytes(head + b"\0" * 600)
        assert here(path).reason == "not_a_table"

    def test_a_stream_of_arrow_named_csv_is_what_it_is(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes(arrow_bytes(pa.table({"a": [1]}), stream=True))
        assert look(path).kind == "arrow"

    def test_json_nested_without_end_through_the_child(self, tmp_path: Path) -> None:
        path = tmp_path / "t.json"
        path.write_text('[{"a": ' + "[" * 100_000)
        assert in_child(path).reason == "nested_column"

    def test_numbers_of_a_hundred_megabytes(self, tmp_path: Path) -> None:
        path = tmp_path / "t.json"
        with path.open("w") as file:
            file.write('[{"a": 1')
            for _number in range(100):
                file.write("0" * MB)
            file.write("}]")
        assert in_child(path).reason == "row_length"

    def test_cells_that_begin_like_formulas_stay_texts(self, tmp_path: Path) -> None:
        cells = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1"]
        found = look(
            workbook(tmp_path / "t.xlsx", {"S": [["文", "号"], *[[cell, "x"] for cell in cells]]})
        )
        assert [row[0] for row in found.rows] == cells
        path = tmp_path / "t.json"
        path.write_text(json.dumps([{"文": cell} for cell in cells]))
        assert [row[0] for row in look(path).rows] == cells
