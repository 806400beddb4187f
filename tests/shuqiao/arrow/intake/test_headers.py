"""Which rows name the columns: numbers that are names, units and groups, lists without a header."""

import pytest

from shuqiao.arrow.intake.dialects import Head, Layout, find_layout
from shuqiao.arrow.intake.options import DecodeLimits


def layout(text: str, header_row: int | None = None, header_rows: int | None = None) -> Layout:
    return find_layout(Head(text, True), None, header_row, DecodeLimits(), header_rows)


def names(found: Layout) -> list[str]:
    return [column.name for column in found.columns]


@pytest.mark.parametrize(
    "header",
    ["地区,1,2,3,4,5,6", "地区,150101,150102", "地区,2019,2020,2021", "年级,01,02,03", "日,4,5,6"],
)
def test_numbers_beside_a_word_are_names(header: str) -> None:
    width = header.count(",")
    rows = "".join(f"{name},{','.join(['10'] * width)}\n" for name in "甲乙")
    found = layout(f"{header}\n{rows}")
    assert (found.header_row, names(found)) == (1, header.split(","))


@pytest.mark.parametrize(
    "text",
    [
        "甲,10,20\n乙,11,21\n丙,12,22\n",
        "甲,138000,138001\n乙,138002,138007\n",
        "甲,1,2,3\n乙,2,3,4\n丙,3,4,5\n",
        "1,Alabama,2010\n2,Alaska,2010\n",
    ],
)
def test_numbers_like_those_below_them_are_data(text: str) -> None:
    found = layout(text)
    assert (found.header_row, found.data_offset) == (0, 0)
    assert "No header row" in found.warnings[0].render("en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("站点,降水量,风速\n,mm,m/s\nA,12.1,4\nB,13.0,4.1\n", ["站点", "降水量_mm", "风速_m/s"]),
        ("a,b\nmm,m/s\n1,2\n3,4\n", ["a_mm", "b_m/s"]),
        ("单位,人数\n（名称）,（人）\n一小,30\n二小,40\n", ["单位_（名称）", "人数_（人）"]),
        (
            "地区,在校生,,教师,\n,男,女,男,女\n甲,1,2,3,4\n乙,5,6,7,8\n",
            ["地区", "在校生_男", "在校生_女", "教师_男", "教师_女"],
        ),
        (
            ",2023,,2022,\n地区,数量,同比,数量,同比\n甲,1,2,3,4\n乙,5,6,7,8\n",
            ["地区", "2023_数量", "2023_同比", "2022_数量", "2022_同比"],
        ),
        (
            "地区,在校生,,备注\n,合计,女,\n甲,1,2,x\n乙,5,6,y\n",
            ["地区", "在校生_合计", "在校生_女", "备注"],
        ),
    ],
)
def test_groups_and_units_are_joined_to_the_names(text: str, expected: list[str]) -> None:
    found = layout(text)
    assert (found.header_row, found.header_rows, names(found)) == (2, 2, expected)
    assert "1 to 2" in found.warnings[0].render("en")
    assert names(layout(text, 2, 2)) == expected
    one = text.splitlines()[1].split(",")
    assert [name for name, own in zip(names(layout(text, 2, 1)), one, strict=True) if own] != []


def test_words_in_the_first_row_of_data_are_no_names() -> None:
    found = layout("站点,降水量,风速\nA,缺测,缺测\nB,13.0,4.1\nC,1.0,2.0\n")
    assert (found.header_row, names(found)) == (1, ["站点", "降水量", "风速"])


def test_a_title_and_its_unit_are_not_joined() -> None:
    text = "全市情况表,,,,单位：人\n地区,甲,乙,丙,丁\n东,1,2,3,4\n西,5,6,7,8\n"
    assert names(layout(text)) == ["地区", "甲", "乙", "丙", "丁"]


def test_a_joined_name_longer_than_a_name_may_be_is_the_lowest_alone() -> None:
    found = layout(f"地区,{'长' * 190},\n,{'男' * 20},{'女' * 20}\n甲,1,2\n乙,3,4\n")
    assert names(found) == ["地区", "男" * 20, "女" * 20]


@pytest.mark.parametrize("text", ["备注\n甲\n乙;丙\n", "意见\n好,快\n好\n很好,快,省\n差\n"])
def test_signs_in_a_column_of_free_text_part_nothing(text: str) -> None:
    found = layout(text)
    assert (found.header_row, len(found.columns)) == (1, 1)
    assert found.columns[0].name == text.splitlines()[0]


def test_many_lines_of_notes_above_a_table_are_left_out() -> None:
    notes = "".join(f"说明{n}：填报要求第{n}条\n" for n in range(1, 14))
    found = layout(notes + "单位,人数,面积\n一小,30,100.5\n二小,40,200.5\n三小,50,300.5\n")
    assert (found.header_row, names(found)) == (14, ["单位", "人数", "面积"])


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("110000,北京市\n110101,东城区\n110102,西城区\n", True),
        ("张三,男\n李四,女\n王五,男\n", True),
        ("代码,名称\n110101,东城区\n110102,西城区\n", False),
        ("2019,2020\n110101,110102\n110103,110104\n", False),
    ],
)
def test_a_list_without_names_is_said_to_be_one(text: str, is_said: bool) -> None:
    found = layout(text)
    said = [words for words in found.warnings if "may be data" in words.render("en")]
    assert (found.header_row, bool(said)) == (1, is_said)
    assert names(layout(text, 0)) == ["column_1", "column_2"]


@pytest.mark.parametrize(
    ("caption", "row"),
    [
        ("填报单位,教育厅,填报人,王敏", 3),
        ("填报单位：教育厅,,填报人：王敏,", 3),
        ("填报单位：教育厅,填报日期：2026年2月,填报人：王敏,", 3),
    ],
)
def test_who_filled_in_the_table_is_no_row_of_names(caption: str, row: int) -> None:
    """Question and answer in turn, or behind a colon; only one column below is of numbers."""
    rows = "0101,一小,西湖区文一路1号,120.31\n0102,二小,西湖区文二路2号,120.19\n"
    found = layout(f"全区中小学校名录（2026年）,,,\n{caption}\n学校代码,学校名称,地址,经度\n{rows}")
    assert found.header_row == row
    assert names(found) == ["学校代码", "学校名称", "地址", "经度"]


@pytest.mark.parametrize(
    "text",
    [
        "单位,学校名称,负责人,地址\n教育局,一小,王敏,文一路\n教育局,二小,李明,文二路\n",
        "填报单位,项目,填报人,金额\n教育局,一小,王敏,120\n教育局,二小,李明,130\n",
    ],
)
def test_names_that_could_be_questions_are_names(text: str) -> None:
    found = layout(text)
    assert (found.header_row, names(found)) == (1, text.splitlines()[0].split(","))
