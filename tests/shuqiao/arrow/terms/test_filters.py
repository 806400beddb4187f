import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuqiao.arrow.terms.filters import (
    FilterRefused,
    describe_filter,
    filter_document,
    filter_items,
    parse_filter,
)
from tests.shuqiao.arrow.filter_trees import TYPES, documents

ITEMS = {
    "name": pa.string(),
    "count": pa.int16(),
    "size": pa.uint8(),
    "longitude": pa.float64(),
    "narrow": pa.float32(),
    "price": pa.decimal128(6, 2),
    "open": pa.bool_(),
    "day": pa.date32(),
    "at": pa.timestamp("us"),
    "zoned": pa.timestamp("us", "Asia/Shanghai"),
    "raw": pa.binary(),
    "nothing": pa.null(),
}


def condition(item: str, op: str = "eq", *value: Any) -> dict[str, Any]:
    return {"item": item, "op": op, **({"value": value[0]} if value else {})}


def refusal(document: Any, pointer: str = "") -> tuple[str, str]:
    with pytest.raises(FilterRefused) as caught:
        parse_filter(document, ITEMS, pointer=pointer)
    (error,) = caught.value.errors
    assert error.fix.render("zh_CN") != error.fix.render("en")
    return error.pointer, error.code


@settings(max_examples=200, deadline=None)
@given(documents())
def test_the_json_form_is_stable(document: dict[str, Any]) -> None:
    tree = parse_filter(document, TYPES)
    again = parse_filter(json.loads(json.dumps(filter_document(tree))), TYPES)

    assert again == tree
    assert filter_document(again) == filter_document(tree)


@pytest.mark.parametrize(
    ("document", "pointer", "code"),
    [
        (None, "", "filter_not_object"),
        ([], "", "filter_not_object"),
        ({}, "/op", "filter_operator"),
        ({"op": "AND", "args": []}, "/op", "filter_operator"),
        ({"op": ["and"]}, "/op", "filter_operator"),
        ({"op": "and", "args": []}, "/args", "filter_arguments"),
        ({"op": "and", "args": {}}, "/args", "filter_arguments"),
        ({"op": "not", "args": [condition("open", "eq", True)] * 2}, "/args", "filter_arguments"),
        ({"op": "or", "args": [condition("open", "eq", True), 1]}, "/args/1", "filter_not_object"),
        ({"op": "and", "args": [], "sql": "1=1"}, "", "filter_members"),
        (condition("other", "eq", 1), "/item", "filter_item"),
        ({"item": ["name"], "op": "is_null"}, "/item", "filter_item"),
        ({"item": "name", "op": "eq"}, "", "filter_members"),
        (condition("name", "is_null", None), "", "filter_members"),
        (condition("count", "starts_with", "1"), "/op", "filter_operator"),
        (condition("open", "lt", True), "/op", "filter_operator"),
        (condition("raw", "eq", "x"), "/op", "filter_operator"),
        (condition("nothing", "eq", "x"), "/op", "filter_operator"),
        (condition("name", "starts_with", ""), "/value", "filter_value"),
        (condition("name", "in", "a"), "/value", "filter_value"),
        (condition("name", "in", []), "/value", "filter_value"),
        (condition("name", "in", ["a"] * 201), "/value", "filter_value"),
        (condition("name", "in", ["a", 1]), "/value/1", "filter_value"),
        (condition("count", "between", [1]), "/value", "filter_value"),
        (condition("count", "between", [1, None]), "/value/1", "filter_value"),
    ],
)
def test_other_trees_are_refused_where_they_are_wrong(
    document: Any, pointer: str, code: str
) -> None:
    assert refusal(document) == (pointer, code)
    assert refusal(document, "/items/0/row_filter") == (f"/items/0/row_filter{pointer}", code)


@pytest.mark.parametrize(
    ("item", "value"),
    [
        ("name", 1),
        ("name", None),
        ("name", "a\0"),
        ("name", "\ud800"),
        ("name", "a" * 1001),
        ("count", True),
        ("count", 1.0),
        ("count", "1"),
        ("count", 32_768),
        ("count", 10**400),
        ("size", -1),
        ("size", 256),
        ("longitude", float("nan")),
        ("longitude", float("inf")),
        ("longitude", "1"),
        ("longitude", 10**400),
        ("longitude", 2**53 + 1),
        ("narrow", 1e300),
        ("price", 1.5),
        ("price", "1.234"),
        ("price", "10000"),
        ("price", "NaN"),
        ("price", "1e3"),
        ("price", " 1"),
        ("price", 10**39),
        ("price", True),
        ("open", 1),
        ("open", "true"),
        ("day", "2026-2-11"),
        ("day", "2026-02-30"),
        ("day", "20260211"),
        ("day", 20260211),
        ("day", "2026-02-11T00:00:00"),
        ("at", "2026-02-11"),
        ("at", "2026-02-11T09:00:00Z"),
        ("at", 0),
        ("at", "2026-02-11T25:00:00"),
        ("zoned", "2026-02-11T09:00:00"),
        ("day", "２０２６-02-11"),
    ],
)
def test_values_of_other_types_are_refused(item: str, value: Any) -> None:
    assert refusal(condition(item, "eq", value)) == ("/value", "filter_value")


def test_depth_and_size_are_bounded() -> None:
    deep: dict[str, Any] = condition("open", "eq", True)
    for _level in range(7):
        deep = {"op": "not", "args": [deep]}
    parse_filter(deep, ITEMS)
    assert refusal({"op": "not", "args": [deep]})[1] == "filter_too_deep"

    wide = {"op": "or", "args": [condition("count", "eq", 1)] * 63}
    parse_filter(wide, ITEMS)
    wide["args"] *= 1000
    assert refusal(wide) == ("/args/63", "filter_too_large")
    bottomless: dict[str, Any] = {}
    for _level in range(100_000):
        bottomless = {"op": "not", "args": [bottomless]}
    assert refusal(bottomless)[1] == "filter_too_deep"


def test_all_mistakes_are_told_at_once() -> None:
    document = {
        "op": "and",
        "args": [
            condition("count", "eq", "1"),
            condition("open", "eq", True),
            condition("x", "eq", 1),
        ],
    }
    with pytest.raises(FilterRefused) as caught:
        parse_filter(document, ITEMS)
    assert [error.pointer for error in caught.value.errors] == ["/args/0/value", "/args/2/item"]


def test_errors_do_not_echo_values() -> None:
    with pytest.raises(FilterRefused) as caught:
        parse_filter(condition("count", "eq", "410302199001011234"), ITEMS)
    assert "410302" not in repr(
        [(e.detail.to_json(), e.fix.to_json()) for e in caught.value.errors]
    )


def test_describes_itself_in_both_languages() -> None:
    tree = parse_filter(
        {
            "op": "and",
            "args": [
                condition("longitude", "ge", 120.2),
                {
                    "op": "or",
                    "args": [condition("name", "starts_with", "杭州"), condition("day", "is_null")],
                },
                {"op": "not", "args": [condition("count", "in", [1, 2])]},
                condition("at", "between", ["2026-02-11T09:00:00", "2026-02-12T09:00:00"]),
            ],
        },
        ITEMS,
    )
    text = describe_filter(
        tree,
        {"longitude": "经度", "name": "学校名称", "day": "日期", "count": "数量", "at": "时间"},
    )

    assert text.render("zh_CN") == (
        "经度 ≥ 120.2 且 (学校名称 以 “杭州” 开头 或 日期 为空) 且 非(数量 是 1, 2 之一)"
        "（因空值无从判断的不算） 且 时间 从 2026-02-11T09:00:00 到 2026-02-12T09:00:00"
    )
    assert text.render("en") == (
        "经度 ≥ 120.2 and (学校名称 begins with “杭州” or 日期 is empty) and not (数量 is one of "
        "1, 2) (what an empty value leaves open does not count) and "
        "时间 from 2026-02-11T09:00:00 to 2026-02-12T09:00:00"
    )
    assert [item for item, _type in filter_items(tree)] == [
        "longitude",
        "name",
        "day",
        "count",
        "at",
    ]


@settings(max_examples=50, deadline=None)
@given(documents(), st.sampled_from(["zh_CN", "en"]))
def test_every_tree_can_be_described(document: dict[str, Any], language: Any) -> None:
    assert describe_filter(parse_filter(document, TYPES), {}).render(language)
