import hashlib
import hmac
import math
import random
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from datafusion import Expr, SessionContext
from hypothesis import given, settings
from hypothesis import strategies as st

from shuqiao.arrow.terms.mask_engine import Engine
from shuqiao.arrow.terms.mask_kinds import (
    KeepBoth,
    KeepPrefix,
    KeepSuffix,
    Mask,
    Pseudonym,
    Round,
    Stars,
    Year,
)
from tests.shuqiao.arrow.tables import TEXTS

TEXT = pa.string()
KEY = b"the key of one recipient, 32 by."
ODD = [
    None,
    "",
    "1",
    "12345",
    "１２３４５６７８９０１２３４５６７８",
    "孔" * 18,
    "41030219900101123X",
    "😀" * 18,
    "a\0b",
    "é" * 9,
    "é" * 9,
]


def masked(
    mask: Mask, values: list[Any], type_: pa.DataType = TEXT, key: bytes | None = KEY
) -> list[Any]:
    batch = pa.record_batch({"v": pa.array(values, type_)})
    expression = mask.expression(Expr.column("v"), type_, Engine(key)).alias("m")
    column = SessionContext().read_batches([batch]).select(expression).to_arrow_table()["m"]
    assert column.type == mask.masked_type(type_)
    result: list[Any] = column.to_pylist()
    return result


@pytest.mark.parametrize("key", [b"k" * 16, KEY, b"k" * 64, b"k" * 65, b"k" * 200])
def test_pseudonyms_are_those_of_the_standard_library(key: bytes) -> None:
    dice = random.Random(len(key))
    pool = "0123456789０１２３ABCxyz数桥孔子😀𠮷é \0"
    values = ODD + [
        "".join(dice.choices(pool, k=dice.randrange(40))) if dice.random() > 0.1 else None
        for _n in range(5_000)
    ]
    expected = [
        None if value is None else hmac.digest(key, value.encode(), "sha256").hex()
        for value in values
    ]

    assert masked(Pseudonym(), values, key=key) == expected
    assert masked(Pseudonym(16), values, key=key) == [
        None if full is None else full[:16] for full in expected
    ]


def test_numbers_get_the_pseudonym_of_their_decimal_text() -> None:
    values = [None, 0, -1, 2**63 - 1, -(2**63)]
    expected = [
        None if v is None else hmac.new(KEY, str(v).encode(), hashlib.sha256).hexdigest()
        for v in values
    ]

    assert masked(Pseudonym(), values, pa.int64()) == expected


@pytest.mark.parametrize("key", [None, b"", b"fifteen bytes.."])
def test_no_pseudonym_without_a_proper_key(key: bytes | None) -> None:
    with pytest.raises(ValueError, match="recipient's key"):
        masked(Pseudonym(), ["a"], key=key)


def keep(value: str | None, prefix: int, suffix: int, length: int | None) -> str | None:
    """What a keeping mask gives, written once more in plain Python."""
    if value is None:
        return None
    if length is not None:
        if len(value) != length or len(value.encode()) != length:
            return "*" * length
        return value[:prefix] + "*" * (length - prefix - suffix) + value[length - suffix :]
    if len(value) <= prefix + suffix:
        return "***"
    return value[:prefix] + "***" + value[len(value) - suffix :]


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.none() | TEXTS | st.text("0123456789X", min_size=8, max_size=8), max_size=20),
    st.integers(0, 4),
    st.integers(0, 3),
    st.sampled_from([None, 8, 18]),
)
def test_keeps_what_it_says_and_stars_for_the_rest(
    values: list[str | None], prefix: int, suffix: int, length: int | None
) -> None:
    prefix = prefix or (0 if suffix else 1)
    expected = [keep(value, prefix, suffix, length) for value in values + ODD]
    if prefix and suffix:
        mask: Mask = KeepBoth(prefix, suffix, length)
    else:
        mask = KeepPrefix(prefix, length) if prefix else KeepSuffix(suffix, length)

    assert masked(mask, values + ODD) == expected


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (KeepBoth(6, 4, 18), "41030219900101123X", "410302********123X"),
        (KeepBoth(6, 4, 18), "4103021990010112", "*" * 18),
        (KeepBoth(6, 4, 18), "４１０３０２１９９００１０１１２３Ｘ", "*" * 18),
        (KeepBoth(6, 4, 18), "", "*" * 18),
        (KeepSuffix(4, 11), "13800138000", "*******8000"),
        (KeepPrefix(6), "杭州市西湖区文三路1号", "杭州市西湖区***"),
        (KeepPrefix(6), "杭州市西湖区", "***"),
        (KeepPrefix(6), "杭州", "***"),
        (KeepPrefix(1), "王伟", "王***"),
        (KeepBoth(1, 1), "王", "***"),
        (Stars(), "", "***"),
    ],
)
def test_examples(mask: Mask, value: str, shown: str) -> None:
    assert masked(mask, [value, None]) == [shown, None]


@settings(max_examples=60, deadline=None)
@given(st.text("ab数", min_size=7, max_size=30), st.text("ab数", min_size=7, max_size=30))
def test_a_free_prefix_does_not_show_the_length(one: str, other: str) -> None:
    first, second = masked(KeepPrefix(6), ["杭州西湖之滨" + one, "杭州西湖之滨" + other])
    assert first == second


def test_stars_hide_every_type() -> None:
    assert masked(Stars(), [date(2026, 2, 11), None], pa.date32()) == ["***", None]
    assert masked(Stars(), [True, None], pa.bool_()) == ["***", None]
    assert masked(Stars(), [b"\xff", None], pa.binary()) == ["***", None]


def test_years() -> None:
    assert masked(Year(), [date(1, 1, 1), None, date(1969, 12, 31)], pa.date32()) == [1, None, 1969]
    at = pa.array(["1969-12-31T23:59:59.999999"]).cast(pa.timestamp("us"))
    assert masked(Year(), at.to_pylist(), pa.timestamp("us")) == [1969]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=20), st.integers(1, 10**18 - 1)
)
def test_whole_numbers_are_cut_towards_zero(values: list[int | None], step: int) -> None:
    cut = [
        None
        if v is None
        else v - int(math.copysign(abs(v) % step, v))
        if abs(v) < 2**53
        else exact(v, step)
        for v in values
    ]
    assert masked(Round(Decimal(step)), values, pa.int64()) == cut


def exact(value: int, step: int) -> int:
    kept = abs(value) // step * step
    return kept if value >= 0 else -kept


def test_decimals_and_floats_are_cut_towards_zero() -> None:
    prices = [Decimal("-1.99"), None, Decimal("9999999.99"), Decimal("0.49")]
    assert masked(Round(Decimal("0.5")), prices, pa.decimal128(9, 2)) == [
        Decimal("-1.50"),
        None,
        Decimal("9999999.50"),
        Decimal("0.00"),
    ]
    assert masked(Round(Decimal("0.5")), [-1.9, None, 1e308, 0.75], pa.float64()) == [
        -1.5,
        None,
        1e308,
        0.5,
    ]
