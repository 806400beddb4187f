"""A column says of each value what the check of one value says, whatever the values are."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuqiao.codes.credit import ALPHABET
from shuqiao.codes.rules import RULES, CodeKind

SEEDS = {
    CodeKind.CREDIT_CODE: ["91350100M000100Y43", "111502006771863740", "11150200375580723Y"],
    CodeKind.IDENTITY_NUMBER: ["11010519491231002X", "440524188001010014", "150102200002291230"],
    CodeKind.DIVISION_CODE: ["150200", "150000", "410307", "000000"],
    CodeKind.DATE: ["2025-08-01", "2024-02-29"],
    CodeKind.TIME: ["09:30:00", "09:30", "23:59:59.5+08:00"],
    CodeKind.DATETIME: ["2025-08-01T09:30:00+08:00", "2024-02-29T09:30Z"],
}
CHARACTERS = ALPHABET + "IOSVZabxz-:.,TZ+ \n\x00１甲é😀"
#: Anything; something near to a code; a code with some places exchanged, cut or made longer.
ANY = st.text(max_size=40)
NEAR = st.text(alphabet=CHARACTERS, min_size=4, max_size=32)
DIGITS = st.text(alphabet="0123456789", min_size=6, max_size=18)


@st.composite
def changed(draw: st.DrawFn, seeds: list[str]) -> str:
    text = list(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 3))):
        if text:
            place = draw(st.integers(0, len(text) - 1))
            text[place] = draw(st.sampled_from([*CHARACTERS, ""]))
    return "".join(text)


@pytest.mark.parametrize("kind", RULES)
def test_a_column_agrees_with_its_values(kind: CodeKind) -> None:
    rule = RULES[kind]
    values = st.one_of(st.none(), ANY, NEAR, DIGITS, changed(SEEDS[kind]))

    @settings(max_examples=80, deadline=None, derandomize=True)
    @given(st.lists(values, max_size=40), st.integers(0, 3))
    def agrees(texts: list[str | None], cut: int) -> None:
        whole = [*texts, *SEEDS[kind]]
        # a part of a longer column, and the same as a dictionary
        column = pa.array([*["x"] * cut, *whole], pa.string()).slice(cut)
        expected = []
        for text in whole:
            fault = None if text is None else rule.fault_of(text)
            number = 0 if fault is None else rule.faults.index(fault) + 1
            expected.append(None if text is None else number)
        assert rule.faults_of(column).to_pylist() == expected
        assert rule.faults_of(column.dictionary_encode()).to_pylist() == expected

    agrees()


def test_many_values_are_judged_block_by_block_and_none_is_empty() -> None:
    numbers = ["11010519491231002X", None, "110105194912310021"] * 10_000
    found = RULES[CodeKind.IDENTITY_NUMBER].faults_of(pa.array(numbers))
    assert found.to_pylist() == [0, None, 5] * 10_000
    for rule in RULES.values():
        assert rule.faults_of(pa.array([], pa.string())).to_pylist() == []
        assert rule.faults_of(pa.array([None, None], pa.string())).to_pylist() == [None, None]
        assert rule.faults_of(pa.array([None], pa.large_string())).to_pylist() == [None]
