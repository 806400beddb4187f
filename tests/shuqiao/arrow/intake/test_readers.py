"""Preview and decode of text tables through the real child."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from shuqiao.arrow.intake.options import DecodeLimits, Preview, ReadOptions
from shuqiao.arrow.intake.previews import describe_file
from shuqiao.arrow.intake.readers import DecodeResult, IntakeLimits, decode, preview
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge

MB = 1_048_576
TABLE = "学校代码,名称,学生数,成立日期\n01501,包头一中,1200,1956-09-01\n01502,“九中”,,2001-09-01\n"


def written(folder: Path, data: bytes | str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def decoded(
    path: Path, limits: IntakeLimits | None = None, **options: Any
) -> tuple[DecodeResult, list[dict[str, Any]]]:
    target = path.with_suffix(".arrow")
    result = decode(
        path, file_name=path.name, options=ReadOptions(**options), target=target, limits=limits
    )
    return result, [row for batch in result.record_batches() for row in batch.to_pylist()]


def refusal(path: Path, limits: IntakeLimits | None = None, **options: Any) -> DecodeRefused:
    target = path.with_suffix(".arrow")
    with pytest.raises(DecodeRefused) as caught:
        decode(
            path, file_name=path.name, options=ReadOptions(**options), target=target, limits=limits
        )
    assert not target.exists()
    return caught.value


class TestPreview:
    def test_tells_everything_and_travels_as_json(self, tmp_path: Path) -> None:
        found = preview(written(tmp_path, TABLE.encode("gb18030")), file_name="学校.csv")
        assert (found.kind, found.row_count) == ("csv", 2)
        assert found.options == ReadOptions("gb18030", ",", 1, {}, ())
        assert [(c.name, c.proposed_type, c.null_count) for c in found.columns] == [
            ("学校代码", "string", 0),
            ("名称", "string", 0),
            ("学生数", "integer", 1),
            ("成立日期", "date", 0),
        ]
        assert found.rows[1] == ("01502", "“九中”", None, "2001-09-01")
        assert found.columns[0].samples == ("01501", "01502")
        assert found.head[:2] == (
            ("学校代码", "名称", "学生数", "成立日期"),
            ("01501", "包头一中", "1200", "1956-09-01"),
        )
        assert Preview.from_json(found.to_json()) == found
        old = {
            name: value for name, value in found.to_json().items() if name not in ("head", "sheets")
        }
        assert Preview.from_json(old).rows == found.rows  # kept from before there were sheets

    def test_shows_twenty_rows_and_counts_all(self, tmp_path: Path) -> None:
        text = "序,值\n" + "".join(f"{n},v{n}\n" for n in range(150_000))
        found = preview(written(tmp_path, text), file_name="t.csv")
        assert (len(found.rows), found.row_count) == (20, 150_000)

    def test_warns_of_uneven_rows_and_names_them(self, tmp_path: Path) -> None:
        path = written(tmp_path, "a,b\n1,2\n3\n\n4,5,6\n" + "7,8\n" * 300_000 + "9\n")
        found = preview(path, file_name="t.csv")
        uneven, short, empty = found.warnings
        assert uneven.params == {"count": 1, "rows": "5"}
        assert short.params == {"count": 2, "rows": "3, 300006"}
        assert empty.params == {"count": 1}
        assert refusal(path).reason == "uneven_rows"


class TestDecode:
    def test_all_columns_are_text_unless_said_otherwise(self, tmp_path: Path) -> None:
        result, rows = decoded(written(tmp_path, TABLE))
        assert set(result.schema.types) == {pa.string()}
        assert rows[0] == {
            "学校代码": "01501",
            "名称": "包头一中",
            "学生数": "1200",
            "成立日期": "1956-09-01",
        }
        assert rows[1]["学生数"] is None

    def test_the_proposals_decode_the_file_they_came_from(self, tmp_path: Path) -> None:
        path = written(tmp_path, TABLE)
        found = preview(path, file_name="t.csv")
        result = decode(
            path,
            file_name="t.csv",
            options=replace(found.options, types=found.proposed_types),
            target=tmp_path / "o",
        )
        assert [str(kind) for kind in result.schema.types] == [
            "string",
            "string",
            "int64",
            "date32[day]",
        ]
        assert result.rows == 2

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
    )
    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_encodings_and_line_ends_give_the_same_rows(
        self, tmp_path: Path, encoding: str, line_end: str
    ) -> None:
        path = written(tmp_path, TABLE.replace("\n", line_end).encode(encoding))
        _result, rows = decoded(path)
        assert [list(row.values()) for row in rows] == [
            ["01501", "包头一中", "1200", "1956-09-01"],
            ["01502", "“九中”", None, "2001-09-01"],
        ]

    def test_nothing_is_decoded_while_the_encoding_is_a_question(self, tmp_path: Path) -> None:
        for name, text in (
            ("t.csv", "id,name\n1,喆堃\n"),
            ("t.json", '[{"id": 1, "name": "喆堃"}]'),
        ):
            path = written(tmp_path, text.encode("gb18030"))
            found = preview(path, file_name=name)
            assert found.options.encoding is None
            assert [reading.values[0][1] for reading in found.readings][:2] == ["喆堃", "넺댯"]
            with pytest.raises(DecodeRefused) as caught:
                decode(path, file_name=name, options=found.options, target=tmp_path / "o")
            assert caught.value.reason == "encoding_open"
            chosen = replace(found.options, encoding="gb18030")
            result = decode(path, file_name=name, options=chosen, target=tmp_path / "o")
            assert next(result.record_batches())["name"].to_pylist() == ["喆堃"]

    def test_quotes_hold_delimiters_line_breaks_and_quotes(self, tmp_path: Path) -> None:
        _result, rows = decoded(written(tmp_path, 'a,b\n"x, y","say ""hi""\r\nthere"\n5" pipe,z\n'))
        assert [list(row.values()) for row in rows] == [
            ["x, y", 'say "hi"\r\nthere'],
            ['5" pipe', "z"],
        ]

    def test_na_stays_text_and_empty_is_null(self, tmp_path: Path) -> None:
        path = written(tmp_path, 'a,b\nNA,1\n"",2\nnull,3\n')
        assert [row["a"] for row in decoded(path)[1]] == ["NA", None, "null"]
        assert [row["a"] for row in decoded(path, null_values=("NA",))[1]] == [None, None, "null"]

    def test_a_value_that_does_not_fit_names_column_and_rows(self, tmp_path: Path) -> None:
        text = (
            "名录,\n\n代码,数\n"
            + "".join(f"{n},{n}\n" for n in range(200_000))
            + "x,many\n\ny,few\n"
        )
        refused = refusal(written(tmp_path, text), types={"数": "integer"})
        (error,) = refused.errors
        assert (refused.reason, error.pointer, error.detail.params["count"]) == (
            "value_does_not_fit",
            "/types/数",
            2,
        )
        assert error.detail.params["rows"] == "200004, 200006"
        assert "many" not in str(refused) + error.detail.render("en") + error.fix.render("en")

    def test_an_empty_column_at_the_end_is_left_out_and_said(self, tmp_path: Path) -> None:
        result, rows = decoded(written(tmp_path, "a,b,\n1,2,\n3,4,\n"))
        assert (result.schema.names, result.options.drop_columns) == (["a", "b"], ("column_3",))
        assert len(result.warnings) == 2
        result, rows = decoded(written(tmp_path, "a,b,\n1,2,\n3,4,!\n"))
        assert rows[1] == {"a": "3", "b": "4", "column_3": "!"}

    def test_chosen_columns_are_left_out(self, tmp_path: Path) -> None:
        result, _rows = decoded(written(tmp_path, TABLE), drop_columns=("名称",))
        assert result.schema.names == ["学校代码", "学生数", "成立日期"]
        assert refusal(written(tmp_path, TABLE), drop_columns=("姓名",)).reason == "unknown_columns"

    def test_a_header_without_rows_is_an_empty_table(self, tmp_path: Path) -> None:
        result, rows = decoded(written(tmp_path, "a,b\n"))
        assert (result.rows, rows, result.schema.names) == (0, [], ["a", "b"])

    def test_batches_stay_small(self, tmp_path: Path) -> None:
        result, _rows = decoded(written(tmp_path, "a,b\n" + f"{'字' * 300},1\n" * 20_000))
        assert max(batch.nbytes for batch in result.record_batches()) < 3 * MB


class TestHostile:
    @pytest.mark.parametrize(
        ("data", "name", "reason"),
        [
            (b"", "t.csv", "empty"),
            (b"\n\n \n", "t.csv", "empty"),
            (b"a", "t.csv", "not_a_table"),
            (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "t.csv", "not_a_table"),
            (b"PK\x03\x04rest", "t.xlsx", "workbook_damaged"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "t.xls", "not_a_table"),
            (b'[{"a": [1]}]', "t.csv", "nested_column"),
            (b"\x89PNG\r\n\x1a\n\0\0", "t.csv", "not_a_table"),
            (b"ARROW1\0\0", "t.csv", "arrow_damaged"),
            (b"a,b\n1,\x002\n", "t.csv", "binary"),
            (b"a,b\n1,2\n", "t.parquet", "parquet_damaged"),
        ],
    )
    def test_no_table_is_one_sentence(
        self, tmp_path: Path, data: bytes, name: str, reason: str
    ) -> None:
        path = written(tmp_path, data, name)
        with pytest.raises(DecodeRefused) as caught:
            describe_file(str(path), name, ReadOptions().to_json(), DecodeLimits().to_json())
        assert (caught.value.reason, caught.value.status) == (reason, 422)
        assert caught.value.detail is not None
        assert caught.value.detail.render("zh_CN") != caught.value.detail.render("en")

    def test_a_quote_never_closed_names_its_row(self, tmp_path: Path) -> None:
        last_column = written(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n7,8\n')
        refused = refusal(last_column)
        assert refused.detail is not None
        assert (refused.reason, refused.detail.params["row"]) == ("quote_not_closed", 3)
        assert refusal(written(tmp_path, 'a,b\n1,2\n"3,4\n5,6\n')).reason == "quote_not_closed"

    def test_a_huge_quote_is_bounded(self, tmp_path: Path) -> None:
        path = written(tmp_path, 'a,b\n1,"' + "x\n" * 100)
        with path.open("ab") as file:
            for _block in range(300):
                file.write(b"y,z\n" * (MB // 4))
        small = replace(IntakeLimits(), child=replace(IntakeLimits().child, memory_bytes=700 * MB))
        assert refusal(path, small).reason == "row_length"

    def test_ten_thousand_columns(self, tmp_path: Path) -> None:
        row = ",".join(str(n) for n in range(10_000))
        assert refusal(written(tmp_path, f"{row}\n{row}\n")).reason == "too_many_columns"

    def test_a_name_of_a_megabyte(self, tmp_path: Path) -> None:
        assert (
            refusal(written(tmp_path, "a," + "n" * 900_000 + "\n1,2\n")).reason
            == "column_name_length"
        )
        assert refusal(written(tmp_path, "a," + "n" * 2 * MB + "\n1,2\n")).reason == "row_length"

    def test_rows_bytes_and_cells_are_counted(self, tmp_path: Path) -> None:
        path = written(tmp_path, "a,b\n" + "1,2\n" * 5_000)
        for limits, reason in (
            (DecodeLimits(rows=4_999), "too_many_rows"),
            (DecodeLimits(decoded_bytes=9_999), "decoded_size"),
        ):
            refused = refusal(path, replace(IntakeLimits(), table=limits))
            assert (type(refused), refused.reason) == (DecodeTooLarge, reason)
        long = written(tmp_path, "a,b\n1," + "x" * 1_100_000 + "\n")
        assert refusal(long).reason == "cell_length"

    def test_the_file_itself_is_bounded(self, tmp_path: Path) -> None:
        path = written(tmp_path, "a,b\n")
        with path.open("r+b") as file:
            file.truncate(513 * MB)  # sparse
        with pytest.raises(DecodeTooLarge):
            preview(path, file_name="t.csv")

    def test_another_encoding_than_stated_is_refused_with_its_line(self, tmp_path: Path) -> None:
        refused = refusal(written(tmp_path, TABLE.encode("gb18030")), encoding="utf-8")
        assert refused.detail is not None
        assert (refused.reason, refused.detail.params["line"]) == ("not_this_encoding", 1)


class TestOptions:
    def test_round_trip(self) -> None:
        options = ReadOptions("gb18030", "\t", 3, {"a": "decimal(18,2)"}, ("b",), ("NA",), "一月")
        assert ReadOptions.from_json(options.to_json()) == options
        assert ReadOptions.from_json({}) == ReadOptions()

    @pytest.mark.parametrize(
        ("stated", "pointer"),
        [
            ({"encoding": "utf-7"}, "/encoding"),
            ({"delimiter": "a"}, "/delimiter"),
            ({"header_row": -1}, "/header_row"),
            ({"header_row": True}, "/header_row"),
            ({"types": {"a/b": "blob"}}, "/types/a~1b"),
            ({"types": ["string"]}, "/types"),
            ({"types": {"a": 1}}, "/types"),
            ({"drop_columns": "abc"}, "/drop_columns"),
            ({"null_values": [1]}, "/null_values"),
            ({"sheet": 1}, "/sheet"),
            ({"sheet": "s" * 256}, "/sheet"),
            ({"colour": "red"}, ""),
        ],
    )
    def test_unusable_options_name_their_field(self, stated: dict[str, Any], pointer: str) -> None:
        with pytest.raises(DecodeRefused) as caught:
            ReadOptions.from_json(stated)
        assert caught.value.errors[0].pointer == pointer
