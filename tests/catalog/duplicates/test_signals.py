"""Each signal for itself: what it sees, and what it does not take for the same."""

import numpy as np
import pyarrow as pa
import pytest
from fixtures.detecting import KEY
from fixtures.labelled import divisions, values_of

from catalog.duplicates.checks import columns, names
from catalog.duplicates.checks.asked import Item, Standard
from catalog.duplicates.checks.listed import Lists
from catalog.duplicates.checks.pinyin import initials
from catalog.duplicates.checks.postings import Postings, dice
from catalog.duplicates.checks.signals import Standards
from catalog.duplicates.checks.types import against
from catalog.duplicates.checks.values import SKETCHED, digested, profile
from catalog.duplicates.fields import ColumnProfile
from catalog.elements.words import DataType
from shuqiao.codes.rules import CodeKind

_DIVISIONS = [code for code, _name in divisions()]


def _item(name: str = "x", column: str = "列", *, values: ColumnProfile | None = None) -> Item:
    return Item(name, column, "", DataType.TEXT, values or ColumnProfile())


def _profile(told: str) -> ColumnProfile:
    return profile(pa.array(values_of(told, seed="signals")), KEY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("区划编码", "区划代码"),
        ("编号(必填)", "号"),
        ("Ｃｏｄｅ", "code"),
        ("出生年月日", "出生时间"),
    ],
)
def test_names_are_compared_in_the_same_words(one: str, other: str) -> None:
    assert names.compared(one) == names.compared(other)


def test_a_rare_pair_weighs_more_than_one_that_all_have() -> None:
    texts = ["注册地址", "经营地址", "居住地址", "注册资本"]
    held = Postings([list(names.features(each)) for each in texts], names.weight)
    shared, totals = held.shared([list(names.features("注册资本金"))])
    alike = dice(shared, totals, held.totals)[0]
    assert alike.argmax() == 3
    assert alike[3] > 0.7 > 0.5 > alike[0] > 0 and alike[1] == 0


def test_initials_follow_the_sounds() -> None:
    assert initials("行政区划代码") == "xzqhdm"
    assert initials("统一社会信用代码2") == "tyshxydm2"
    assert initials("喆") == ""  # beyond the first level nothing is said


def test_columns_are_read_in_both_languages() -> None:
    assert columns.words("personBirthDate") == ("person", "birth", "date")
    assert columns.words("ORG_NO") == ("organisation", "number")
    found = Standards(
        [
            Standard("行政区划代码", "", DataType.TEXT, name_en="division code"),
            Standard("组织代码", "", DataType.TEXT, name_en="organisation code"),
        ]
    )
    letters = found.column([_item(column="xzqhdm")])["letters"][0]
    english = found.column([_item(column="org_code")])["english"][0]
    assert letters[0] == pytest.approx(1) and letters[1] < 0.4
    assert english[1] == pytest.approx(1) and english[0] < 0.5


def test_types_stand_against_each_other_by_family() -> None:
    found = against([DataType.TEXT, DataType.DATE], [DataType.MEMO, DataType.INTEGER])
    assert found[0, 0] == 0 and found[1, 1] == 1 and 0 < found[0, 1] < 1


def test_a_profile_holds_no_value() -> None:
    values = pa.array(values_of("@identity_number", seed="p"))
    found = profile(values, KEY)
    assert found.kinds[CodeKind.IDENTITY_NUMBER] == 1
    assert len(found.digests) == len(set(values.to_pylist())) <= SKETCHED
    assert not any(value in repr(found) for value in values.to_pylist())
    other = profile(values, b"another key")
    assert not np.isin(found.digests, other.digests).any()


def test_a_sketch_of_many_values_keeps_the_smallest_digests() -> None:
    values = [str(number) for number in range(2_000)]
    found = profile(pa.array(values), KEY)
    assert np.array_equal(found.digests, np.sort(digested(values, KEY))[:SKETCHED])


def test_postal_codes_are_no_division_codes() -> None:
    assert _profile("@postcode").kinds.get(CodeKind.DIVISION_CODE, 0) < 0.8
    assert _profile("@division").kinds[CodeKind.DIVISION_CODE] == 1


def test_the_kind_speaks_for_its_element_and_against_others() -> None:
    standards = Standards(
        [
            Standard("号", "", DataType.TEXT, kind=CodeKind.IDENTITY_NUMBER),
            Standard("码", "", DataType.TEXT, kind=CodeKind.CREDIT_CODE),
            Standard("名", "", DataType.TEXT),
        ]
    )
    asked = [_item(values=_profile("@identity_number")), _item(values=_profile("@person")), _item()]
    found = standards.kind(asked)
    assert found["kind"].tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert found["other"].tolist() == [[0, 1, 1], [1, 1, 0], [0, 0, 0]]


def test_prefixes_count_by_how_many_there_are() -> None:
    standards = Standards([Standard("区划", "", DataType.TEXT, kind=CodeKind.DIVISION_CODE)])
    few = _profile("15")
    many = _profile(";".join({code[:4] for code in _DIVISIONS}))
    found = standards.kind([_item(values=few), _item(values=many)])["prefix"][:, 0]
    assert 0 < found[0] < 0.2 and found[1] > 0.9


def test_a_code_of_many_lists_says_little() -> None:
    lists = Lists([digested(each, KEY) for each in (["1", "2"], ["1", "9"], ["A0111", "C1311"])])
    plain, weighed = lists.shares([_profile("1"), _profile("A0111;C1311"), ColumnProfile()])
    assert plain[0].tolist() == [1, 1, 0]
    assert weighed[0, 0] == pytest.approx(0.707, abs=0.01)
    assert weighed[1].tolist() == [0, 0, 1]
    assert not plain[2].any()


def test_values_that_a_bound_item_holds_too() -> None:
    held = _profile("@serial")
    standards = Standards(
        [
            Standard("甲", "", DataType.TEXT),
            Standard("乙", "", DataType.TEXT, held=[held.digests]),
        ]
    )
    found = standards.overlap([_item(values=held), _item(values=_profile("@phone"))])
    assert found[0].tolist() == [0, pytest.approx(1)] and not found[1].any()
