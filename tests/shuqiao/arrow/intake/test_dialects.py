"""Delimiter, header row and names, on the traps that real files hold."""

import pytest

from shuqiao.arrow.intake.column_names import name_columns, visible
from shuqiao.arrow.intake.dialects import Head, Layout, find_layout
from shuqiao.arrow.intake.options import DecodeLimits
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge

LIMITS = DecodeLimits()


def layout(
    text: str, delimiter: str | None = None, header_row: int | None = None, *, whole: bool = True
) -> Layout:
    return find_layout(Head(text, whole), delimiter, header_row, LIMITS)


def names(found: Layout) -> list[str]:
    return [column.name for column in found.columns]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, line_end: str) -> None:
    rows = [["代码", "名称", "金额"], ["001", "a, b; c", "1,5"], ["002", "d|e", "2,5"]]
    text = line_end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    found = layout(text)
    assert (found.delimiter, names(found)) == (delimiter, ["代码", "名称", "金额"])
    assert text.encode()[found.data_offset :].startswith(b'"001"')


def test_decimal_commas_do_not_win_over_semicolons() -> None:
    assert layout("x;y\n1,5;2,5\n2,5;3,5\n").delimiter == ";"


def test_one_column_needs_no_delimiter() -> None:
    assert names(layout("代码\n001\n002\n")) == ["代码"]


def test_titles_above_the_table_are_skipped_and_said() -> None:
    found = layout("全市中小学名录,,\n单位：所,,\n\n代码,名称,区划\n1,甲,150200\n2,乙,150202\n")
    assert (found.header_row, names(found)) == (4, ["代码", "名称", "区划"])
    assert found.warnings[0].params == {"count": 3}


@pytest.mark.parametrize(
    "text", ["1,Alabama,2010\n2,Alaska,2010\n", "150200,包头市,109.8\n410300,洛阳市,112.4\n"]
)
def test_a_first_row_that_reads_like_the_rest_is_data(text: str) -> None:
    found = layout(text)
    assert (found.header_row, names(found), found.data_offset) == (
        0,
        ["column_1", "column_2", "column_3"],
        0,
    )


def test_years_in_the_first_row_are_names() -> None:
    assert layout("项目,2019,2020\n甲,1,2\n乙,3,4\n").header_row == 1


def test_a_stated_row_wins() -> None:
    assert names(layout("a,b\nc,d\n1,2\n", header_row=2)) == ["c", "d"]
    assert layout("a,b\nc,d\n1,2\n", header_row=0).data_offset == 0
    with pytest.raises(DecodeRefused, match="no row 9"):
        layout("a,b\n1,2\n", header_row=9)


def test_line_breaks_within_a_name() -> None:
    found = layout('"学校\n名称",区划\n甲,150200\n')
    assert names(found) == ["学校 名称", "区划"]
    assert found.data_offset == len('"学校\n名称",区划\n'.encode())


def test_rows_longer_than_the_header_bring_nameless_columns() -> None:
    assert names(layout("a,b\n1,2,\n3,4,\n")) == ["a", "b", "column_3"]


def test_repeated_and_blank_names_become_unique() -> None:
    columns, warnings = name_columns(["bar", "bar", "", "baz", "bar_2", "baz", ""], LIMITS)
    assert [column.name for column in columns] == [
        "bar",
        "bar_3",
        "column_3",
        "baz",
        "bar_2",
        "baz_2",
        "column_7",
    ]
    assert len(warnings) == 2


def test_invisible_characters_leave_the_name() -> None:
    assert visible(" 名\u200b称\u202e ") == "名称"
    assert visible(' "name"') == "name"


def test_limits_on_columns_and_names() -> None:
    with pytest.raises(DecodeRefused) as caught:
        layout(",".join(f"c{n}" for n in range(10_000)) + "\n")
    assert caught.value.reason == "too_many_columns"
    with pytest.raises(DecodeRefused) as caught:
        layout("a," + "长" * 201 + "\n1,2\n")
    assert caught.value.reason == "column_name_length"
    with pytest.raises(DecodeTooLarge) as caught:
        layout("x" * 1_048_576, whole=False)
    assert caught.value.reason == "row_length"
