import inspect
from typing import Any

import pyarrow as pa
import pytest

from shuqiao.arrow.terms.mask_kinds import KINDS, KeepPrefix, Mask, Pseudonym, Stars
from shuqiao.arrow.terms.mask_parameters import MaskRefused
from shuqiao.arrow.terms.masks import applicable, mask_document, parse_mask

DOCUMENTS: list[tuple[pa.DataType, dict[str, Any], pa.DataType, str]] = [
    (pa.string(), {"kind": "keep_prefix", "prefix": 6}, pa.string(), "前 6 位，其余隐去"),
    (
        pa.string(),
        {"kind": "keep_suffix", "suffix": 4, "length": 11},
        pa.string(),
        "后 4 位，其余隐去",
    ),
    (
        pa.string(),
        {"kind": "keep_both", "prefix": 6, "suffix": 4, "length": 18},
        pa.string(),
        "前 6 位与后 4 位，其余隐去",
    ),
    (pa.date32(), {"kind": "stars"}, pa.string(), "隐去，仅显示是否有值"),
    (pa.string(), {"kind": "pseudonym"}, pa.string(), "替换为该接收方专用的假名"),
    (pa.int64(), {"kind": "pseudonym", "digits": 16}, pa.string(), "替换为该接收方专用的假名"),
    (pa.date32(), {"kind": "year"}, pa.int32(), "仅保留年份"),
    (pa.timestamp("us"), {"kind": "year"}, pa.int32(), "仅保留年份"),
    (pa.int64(), {"kind": "round", "step": "1000"}, pa.int64(), "舍去尾数，取 1000 的整倍数"),
    (
        pa.decimal128(9, 2),
        {"kind": "round", "step": "0.5"},
        pa.decimal128(9, 2),
        "舍去尾数，取 0.5 的整倍数",
    ),
]


@pytest.mark.parametrize(("type_", "document", "wire", "chinese"), DOCUMENTS)
def test_reads_writes_and_describes(
    type_: pa.DataType, document: dict[str, Any], wire: pa.DataType, chinese: str
) -> None:
    mask = parse_mask(document, type_)

    assert mask_document(mask) == document
    assert mask.masked_type(type_) == wire
    assert mask.words().render("zh_CN") == chinese
    assert mask.words().render("en") != chinese


def test_every_kind_is_shown_above() -> None:
    assert {document["kind"] for _type, document, _wire, _text in DOCUMENTS} == set(KINDS)


def test_no_kind_is_left_out_of_the_list() -> None:
    made = [Mask]
    for each in made:
        made += each.__subclasses__()
    assert {each.kind for each in made if not inspect.isabstract(each)} == set(KINDS)


@pytest.mark.parametrize(("type_", "document", "wire", "chinese"), DOCUMENTS)
def test_a_mask_is_read_as_its_own_kind(
    type_: pa.DataType, document: dict[str, Any], wire: pa.DataType, chinese: str
) -> None:
    assert type(parse_mask(document, type_)) is KINDS[document["kind"]]


@pytest.mark.parametrize(
    ("type_", "document", "pointer"),
    [
        (pa.string(), None, "/kind"),
        (pa.string(), "stars", "/kind"),
        (pa.string(), {"kind": "hash"}, "/kind"),
        (pa.string(), {"kind": ["stars"]}, "/kind"),
        (pa.string(), {"kind": "stars", "prefix": 1}, ""),
        (pa.string(), {"kind": "keep_prefix"}, ""),
        (pa.string(), {"kind": "keep_prefix", "prefix": 0}, "/prefix"),
        (pa.string(), {"kind": "keep_prefix", "prefix": 65}, "/prefix"),
        (pa.string(), {"kind": "keep_prefix", "prefix": True}, "/prefix"),
        (pa.string(), {"kind": "keep_prefix", "prefix": "6"}, "/prefix"),
        (pa.string(), {"kind": "keep_prefix", "prefix": 6, "suffix": 4}, ""),
        (pa.string(), {"kind": "keep_both", "prefix": 6, "suffix": 4, "length": 10}, "/length"),
        (pa.string(), {"kind": "keep_both", "prefix": 6, "suffix": 4, "length": None}, "/length"),
        (pa.string(), {"kind": "pseudonym", "digits": 11}, "/digits"),
        (pa.string(), {"kind": "pseudonym", "digits": 65}, "/digits"),
        (pa.string(), {"kind": "pseudonym", "key": "x"}, ""),
        (pa.string(), {"kind": "round", "step": "1"}, "/kind"),
        (pa.string(), {"kind": "year"}, "/kind"),
        (pa.int64(), {"kind": "keep_prefix", "prefix": 6}, "/kind"),
        (pa.float64(), {"kind": "pseudonym"}, "/kind"),
        (pa.date32(), {"kind": "pseudonym"}, "/kind"),
        (pa.null(), {"kind": "stars"}, "/kind"),
        (pa.int64(), {"kind": "round", "step": 1000}, "/step"),
        (pa.int64(), {"kind": "round", "step": "0"}, "/step"),
        (pa.int64(), {"kind": "round", "step": "-5"}, "/step"),
        (pa.int64(), {"kind": "round", "step": "0.5"}, "/step"),
        (pa.int8(), {"kind": "round", "step": "1000"}, "/step"),
        (pa.decimal128(9, 2), {"kind": "round", "step": "0.001"}, "/step"),
    ],
)
def test_other_masks_are_refused_where_they_are_wrong(
    type_: pa.DataType, document: Any, pointer: str
) -> None:
    with pytest.raises(MaskRefused) as caught:
        parse_mask(document, type_, pointer="/items/2/mask")
    (error,) = caught.value.errors
    assert error.pointer == f"/items/2/mask{pointer}"
    assert error.fix.render("zh_CN") != error.fix.render("en")


def test_only_a_null_column_has_no_mask() -> None:
    assert applicable(pa.null()) == []
    assert applicable(pa.binary()) == applicable(pa.bool_()) == [Stars]


def test_short_and_long_keeps_differ() -> None:
    assert parse_mask({"kind": "keep_prefix", "prefix": 6}, pa.string()) == KeepPrefix(prefix=6)
    assert parse_mask({"kind": "pseudonym"}, pa.string()) == Pseudonym(64)
