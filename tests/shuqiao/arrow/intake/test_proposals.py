"""Kinds are proposed from values, conservatively; conversions never lose a value silently."""

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from shuqiao.arrow.intake.conversions import Misfits, convert, refuse_misfits
from shuqiao.arrow.intake.proposals import GUIDE_TYPES, ColumnProfile, arrow_type, is_kind
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
        (("1", "2.5", "3.125"), "decimal(22,3)"),
        (("1.5", "1e9"), "float"),
        (("2026-02-11", "2026/2/1"), "date"),
        (("2026年2月11日",), "date"),
        (("2026-02-11 09:00", "2026-02-11T09:00:01.5"), "datetime"),
        (("是", "否"), "boolean"),
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
    "name", ["行政区划代码", "联系电话", "zip_code", "Major_code", "id", "Dist_ID"]
)
def test_codes_by_name_stay_text(name: str) -> None:
    assert proposed("150200", "410300", name=name) == "string"
    assert proposed("150200", name="学生数") == "integer"


def test_a_marker_for_no_value_is_named() -> None:
    profile = ColumnProfile("PM2.5")
    profile.add(pa.array(["4", "NA", "NA", "8.0"]))
    kind, note = profile.proposal()
    assert kind == "string"
    assert note is not None
    assert (note.params["count"], note.params["marker"]) == (2, "NA")
    assert "22, 1" in note.render("en")


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
