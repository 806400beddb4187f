"""Rows that are not like the others: uneven ones, notes, totals, merged cells; what is chosen to be
done with them.
"""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from shuqiao.arrow.intake.batches import TextBatch
from shuqiao.arrow.intake.options import DecodeLimits, Preview, ReadOptions
from shuqiao.arrow.intake.previews import decode_file, describe_file
from shuqiao.arrow.intake.shaping import shaped
from shuqiao.arrow.refusals import DecodeRefused

LIMITS = DecodeLimits().to_json()
Rows = list[tuple[str | None, ...]]


def read(tmp_path: Path, text: str, **options: Any) -> tuple[Preview, Rows]:
    path, target = tmp_path / "t.csv", tmp_path / "o"
    path.write_bytes(text.encode())
    stated = ReadOptions(**options)
    found = Preview.from_json(describe_file(str(path), path.name, stated.to_json(), LIMITS))
    decode_file(str(path), path.name, found.options.to_json(), LIMITS, str(target))
    with pa.memory_map(str(target)) as source:
        rows = [tuple(row.values()) for row in pa.ipc.open_file(source).read_all().to_pylist()]
    assert found.row_count == len(rows)
    return found, rows


def said(found: Preview) -> str:
    return "\n".join(words.render("en") for words in found.warnings)


def test_a_surplus_blank_cell_is_nothing(tmp_path: Path) -> None:
    found, rows = read(tmp_path, "编号,名称\n001,甲\n002,乙, \n003,丙\n")
    assert (rows, found.warnings) == ([("001", "甲"), ("002", "乙"), ("003", "丙")], ())


def test_what_lacks_at_the_end_of_a_row_is_missing_and_said(tmp_path: Path) -> None:
    text = 'a,b,c\r\n1,2,3\r\n4\r\n\r\n"5\r\n6",7\r\n'
    found, rows = read(tmp_path, text)
    assert rows == [("1", "2", "3"), ("4", None, None), ("5\r\n6", "7", None)]
    assert "2 rows end before the last column and have no values there: rows 3, 5." in said(found)
    assert "1 row without any value" in said(found)


def test_values_beyond_the_last_column_are_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(DecodeRefused) as caught:
        read(tmp_path, "a,b\n1,2\n3,4,5\n6\n")
    assert caught.value.reason == "uneven_rows"
    assert caught.value.detail is not None
    assert "row 3. Correct it, or choose" in caught.value.detail.render("en")


def test_a_quotation_mark_never_closed_is_found_among_uneven_rows(tmp_path: Path) -> None:
    with pytest.raises(DecodeRefused) as caught:
        read(tmp_path, 'a,b\n1\n2,"x\n3,4\n')
    assert caught.value.reason == "quote_not_closed"


@pytest.mark.parametrize("size", [3, 5_000, 60_000])
def test_uneven_rows_of_any_number_keep_their_order(tmp_path: Path, size: int) -> None:
    lines = [f"{n},x{n}" + ("," if n % 7 == 0 else "") for n in range(size)]
    _found, rows = read(tmp_path, "序,值\r" + "\r".join(lines))
    assert rows == [(str(n), f"x{n}") for n in range(size)]


def test_notes_and_totals_are_pointed_out(tmp_path: Path) -> None:
    text = "地区,人数\n甲,1\n乙,2\n小计,3\n丙,4\n合 计,7\n注：数据截至2025年底\n填表人：张三\n"
    found, rows = read(tmp_path, text)
    assert len(rows) == 7
    assert "2 rows look like totals: rows 4, 6." in said(found)
    assert "2 rows look like notes: rows 7, 8." in said(found)
    found, rows = read(tmp_path, text, skip_last=3)
    assert rows[-1] == ("丙", "4")
    assert "3 rows are left out at the end" in said(found)
    assert found.proposed_types == {"人数": "integer"}


@pytest.mark.parametrize("word", ["合计人数", "注册资本", "总计划", "备注"])
def test_words_that_only_begin_so_are_data(tmp_path: Path, word: str) -> None:
    assert "look" not in said(read(tmp_path, f"名称,值\n{word},1\n乙,2\n")[0])


@pytest.mark.parametrize(("size", "left_out"), [(3, 3), (3, 4), (10_000, 1), (10_000, 1_000)])
def test_the_last_rows_are_left_out_exactly(tmp_path: Path, size: int, left_out: int) -> None:
    text = "值,乙\n" + "".join(f"{n},x\n" for n in range(size))
    _found, rows = read(tmp_path, text, skip_last=left_out)
    assert rows == [(str(n), "x") for n in range(max(0, size - left_out))]


def test_a_long_table_shows_its_last_rows(tmp_path: Path) -> None:
    found, _rows = read(tmp_path, "值,乙\n" + "".join(f"{n},x\n" for n in range(9_000)))
    assert [row for row, _cells in found.last_rows] == [8_997, 8_998, 8_999, 9_000, 9_001]
    assert found.last_rows[-1][1] == ("8999", "x")
    assert read(tmp_path, "值,乙\n1,2\n3,4\n")[0].last_rows == ()
    assert found.without_cells().last_rows == ()


def test_merged_cells_are_filled_down_by_choice(tmp_path: Path) -> None:
    body = "".join(f"{'市' + str(n) if n % 3 == 0 else ''},县{n}\n" for n in range(90_000))
    _found, rows = read(tmp_path, "市,县\n" + body)
    assert rows[1] == (None, "县1")
    found, rows = read(tmp_path, "市,县\n" + body, fill_down=("市",))
    assert rows == [(f"市{n - n % 3}", f"县{n}") for n in range(90_000)]
    assert "take the value above them: 市" in said(found)


def test_columns_of_the_options_have_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(DecodeRefused) as caught:
        read(tmp_path, "a,b\n1,2\n", fill_down=("c",))
    assert caught.value.reason == "unknown_columns"


def test_a_table_without_rows_is_said_to_be_one(tmp_path: Path) -> None:
    found, rows = read(tmp_path, "学校代码,学校名称\n")
    assert rows == []
    assert "no rows with values" in said(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'id, name, note\n1, "Ann, Lee", "x ""y"" z"\n2, "Bob", "w"\n',
            [("1", "Ann, Lee", 'x "y" z'), ("2", "Bob", "w")],
        ),
        ('id,name,note\n1, "Ann",b\n2,"Bob",c\n', [("1", ' "Ann"', "b"), ("2", "Bob", "c")]),
    ],
)
def test_quotes_after_blanks_are_repaired_wholly_or_not(
    tmp_path: Path, text: str, expected: Rows
) -> None:
    assert read(tmp_path, text)[1] == expected


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_the_borders_of_batches_make_no_difference(size: int) -> None:
    cells = ["a", None, None, "b", None, "c", None]
    whole = pa.record_batch({"x": pa.array(cells), "n": pa.array(list("1234567"))})
    texts = [TextBatch(whole.slice(n, size), int) for n in range(0, len(cells), size)]
    for left_out in range(9):
        rows = [
            tuple(row.values())
            for text in shaped(texts, ("x",), left_out)
            for row in text.batch.to_pylist()
        ]
        filled = list(zip("aaabbcc", "1234567", strict=True))
        assert rows == filled[: max(0, 7 - left_out)]
