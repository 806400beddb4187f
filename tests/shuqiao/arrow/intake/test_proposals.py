"""Kinds are proposed from values, conservatively; conversions never lose a value silently."""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from shuqiao.arrow.intake.conversions import Misfits, convert, refuse_misfits
from shuqiao.arrow.intake.profiles import ColumnProfile
from shuqiao.arrow.intake.proposals import GUIDE_TYPES, arrow_type, is_kind
from shuqiao.arrow.refusals import DecodeRefused


def proposed(*values: str | None, name: str = "x") -> str:
    profile = ColumnProfile(name)
    for value in values:  # one batch each: what was given up must stay given up
        profile.add(pa.array([value], pa.string()))
    return profile.proposal()[0]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("1", "-2", None, "300"), "integer"),
        (("00501", "10001"), "string"),
        (("01012100",), "string"),
        (("150102199001011234",), "string"),
        (("1.50", "2.25"), "decimal(22,2)"),
        (("1", "2.5", "3.125"), "float"),
        (("1.5", "1e9"), "string"),
        (("2006.8", "2018.10"), "string"),
        (("2.50", "2.5"), "string"),
        (("-0", "1"), "float"),
        (("-0.0", "1.0"), "string"),
        ((" 1", "2"), "string"),
        (("47.5%", "100%"), "string"),
        (("2026-02-11", "2026-03-01"), "date"),
        (("2026-02-11", "2026/2/1"), "string"),
        (("2026/2/11", "2026/12/1"), "date"),
        (("2026/02/11", "2026/2/1"), "string"),
        (("2026-02-30", "2026-03-01"), "string"),
        (("2026年2月11日",), "date"),
        (("2026-02-11 09:00", "2026-02-11T09:00:01.5"), "string"),
        (("2026-02-11 09:00:00",), "datetime"),
        (("2026/2/11 09:00",), "datetime"),
        (("是", "否"), "string"),
        (("true", "false"), "boolean"),
        (("TRUE", "FALSE"), "boolean"),
        (("true", "FALSE"), "string"),
        (("1", "0"), "integer"),
        (("", "a"), "string"),
        ((None, None), "string"),
        (("1,234",), "string"),
        (("1", "NA"), "string"),
        (("0x1F",), "string"),
        (("nan",), "string"),
    ],
)
def test_proposals(values: tuple[str | None, ...], kind: str) -> None:
    assert proposed(*values) == kind


@pytest.mark.parametrize(
    "name",
    ["行政区划代码", "标识码", "批准文号", "联系电话", "zip_code", "Major_code", "id", "Dist_ID"],
)
def test_codes_by_name_stay_text(name: str) -> None:
    assert proposed("150200", "410300", name=name) == "string"
    assert proposed("150200", name="学生数") == "integer"


def test_a_marker_for_no_value_is_named() -> None:
    profile = ColumnProfile("PM2.5")
    profile.add(pa.array(["4.5", "NA", "NA", "8.0"]))
    kind, note = profile.proposal()
    assert kind == "string"
    assert note is not None
    assert (note.params["count"], note.params["marker"]) == (2, "NA")
    assert "22, 1" in note.render("en")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (("2006.8", "2018.10"), ("2018.10", "2018.1")),
        (("2026-02-30", "2026-03-01"), ("2026-02-30",)),
        (("是", "否"), ("是",)),
        (("47.5%", "100%"), ("47.5%",)),
        (("1,234", "5,678"), ("1,234",)),
        (("007", "8"), ("007",)),
        ((" 1", "2"), (" 1",)),
        (("1", "2", "3", "4", "合计"), ("合计",)),
        (("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "不详"), ("不详",)),
        (("2026/2/11",), ("2026/2/1", "2026-02-01")),
    ],
)
def test_why_values_stay_text_is_said_with_one_of_them(
    values: tuple[str, ...], told: tuple[str, ...]
) -> None:
    profile = ColumnProfile("x")
    for value in values:
        profile.add(pa.array([value]))
    note = profile.proposal()[1]
    assert note is not None
    for words in (note.render("en"), note.render("zh_CN")):
        assert all(f"{value}" in words for value in told)
    assert note.render("en") != note.render("zh_CN")


@pytest.mark.parametrize(
    "values",
    [
        ["1", "-2", "300"],
        ["1.50", "-2.25"],
        ["1", "2.5", "-3.125", "0.1", "123456789.25"],
        ["true", "false"],
        ["2026-02-11", "0001-01-01"],
        ["2026-02-11 09:00:00"],
    ],
)
def test_a_kind_without_a_word_gives_every_text_back(values: list[str]) -> None:
    kind, texts = ColumnProfile("x"), pa.array(values)
    kind.add(texts)
    name, note = kind.proposal()
    typed = convert(texts, name, Misfits(), int)
    back = [text.removesuffix(".000000") for text in typed.cast(pa.string()).to_pylist()]
    assert (name != "string", note, back) == (True, None, values)


def test_a_column_of_text_is_no_reason_to_say_anything() -> None:
    profile = ColumnProfile("x")
    profile.add(pa.array(["甲", "乙", "3"]))
    assert profile.proposal() == ("string", None)


def converted(kind: str, *values: str | None) -> tuple[list[Any], Misfits]:
    misfits = Misfits()
    typed = convert(pa.array(values, pa.string()), kind, misfits, lambda position: position + 2)
    assert typed.type == arrow_type(kind)
    return typed.to_pylist(), misfits


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", " +12 ", 12),
        ("integer", "00501", 501),
        ("integer", "-9223372036854775808", -(2**63)),
        ("decimal(6,2)", "1234.5", Decimal("1234.50")),
        ("float", "1.5e-3", 0.0015),
        ("boolean", "是", True),
        ("boolean", "N", False),
        ("date", "2026-02-11", date(2026, 2, 11)),
        ("date", "2026/2/1", date(2026, 2, 1)),
        ("date", "2026年12月1日", date(2026, 12, 1)),
        ("date", "20260211", date(2026, 2, 11)),
        ("datetime", "2026-02-11 09:00", "2026-02-11T09:00:00"),
        ("datetime", "2026/2/11 9:05:07.25", "2026-02-11T09:05:07.250000"),
        ("datetime", "2026年2月11日 9:05", "2026-02-11T09:05:00"),
        ("string", " 1 ", " 1 "),
    ],
)
def test_conversions(kind: str, text: str, value: object) -> None:
    values, misfits = converted(kind, text, None)
    first = values[0].isoformat() if kind == "datetime" else values[0]
    assert (first, values[1], misfits.count) == (value, None, 0)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("integer", ["9223372036854775808", "1.0", "0x1F", "", "１２", "NA"]),
        ("decimal(6,2)", ["1.234", "12345", "1e3", "NaN"]),
        ("float", ["inf", "nan", "0x1p3", "1,5"]),
        ("boolean", ["maybe", "2"]),
        ("date", ["2023-02-30", "2026-13-01", "2026-02-11 09:00", "11.02.2026", "0000-00-00"]),
        ("datetime", ["2026-02-11", "2026-02-11 25:00", "2026-02-11T09:00Z", "2026-02-30 09:00"]),
    ],
)
def test_what_does_not_fit_is_counted_and_placed(kind: str, wrong: list[str]) -> None:
    for value in wrong:
        _values, misfits = converted(kind, None, value, None)
        assert (value, misfits.count, misfits.rows) == (value, 1, [3])


def test_the_first_twenty_rows_are_named_and_all_are_counted() -> None:
    _values, misfits = converted("integer", *(["1", "x"] * 500))
    with pytest.raises(DecodeRefused) as caught:
        refuse_misfits({"学生数": "integer"}, {"学生数": misfits})
    error = caught.value.errors[0]
    assert (error.pointer, error.detail.params["count"]) == ("/types/学生数", 500)
    assert error.detail.params["rows"] == ", ".join(str(row) for row in range(3, 43, 2)) + " …"


def test_every_letter_of_the_guide_has_a_kind() -> None:
    assert set(GUIDE_TYPES) == set("CNYDTLMGBIF")
    assert all(is_kind(kind) for kind in GUIDE_TYPES.values())
    assert not any(
        is_kind(name)
        for name in ("text", "decimal(39,2)", "decimal(4,5)", "decimal(0,0)", "int", "")
    )
