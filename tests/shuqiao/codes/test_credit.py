"""GB 32100 with GB 11714 inside: the worked example, edge vectors, every single slip."""

import pyarrow as pa
import pytest

from shuqiao.codes import credit
from shuqiao.codes.columns.credit import faults_of, inner_mismatches
from shuqiao.codes.credit import (
    ALPHABET,
    check_credit_code,
    fault_of,
    subject_check_character,
    validate_credit_code,
)
from shuqiao.codes.faults import CodeInvalid
from shuqiao.errors import Invalid

STANDARD_EXAMPLE = "91350100M000100Y43"
GOVERNMENT = ["11150000000012343U", "1115020001160001X4", "114103000054321012"]


@pytest.mark.parametrize("code", [STANDARD_EXAMPLE, *GOVERNMENT])
def test_published_and_synthetic_codes_are_valid_without_warning(code: str) -> None:
    assert validate_credit_code(code).warnings == ()


def test_parts_are_taken_apart() -> None:
    parts = validate_credit_code(STANDARD_EXAMPLE)
    assert (parts.kind, parts.division, parts.subject) == ("91", "350100", "M000100Y4")


@pytest.mark.parametrize("code", ["111502006771863740", "11150200375580723Y"])
def test_remainders_zero_and_one_are_valid(code: str) -> None:
    assert validate_credit_code(code).text == code


def test_the_worked_example_with_another_last_character_is_refused() -> None:
    for last in set(ALPHABET) - {"3"}:
        with pytest.raises(CodeInvalid):
            validate_credit_code(STANDARD_EXAMPLE[:17] + last)


@pytest.mark.parametrize("letter", "IOSVZ")
@pytest.mark.parametrize("place", [0, 8, 17])
def test_letters_outside_the_alphabet_are_refused_everywhere(letter: str, place: int) -> None:
    with pytest.raises(CodeInvalid):
        validate_credit_code(STANDARD_EXAMPLE[:place] + letter + STANDARD_EXAMPLE[place + 1 :])


@pytest.mark.parametrize("code", GOVERNMENT)
def test_every_single_wrong_character_is_caught(code: str) -> None:
    for place in range(18):
        for other in set(ALPHABET) - {code[place]}:
            with pytest.raises(CodeInvalid):
                validate_credit_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("code", GOVERNMENT)
def test_every_swap_of_neighbours_is_caught(code: str) -> None:
    for place in range(17):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            with pytest.raises(CodeInvalid):
                validate_credit_code(swapped)


@pytest.mark.parametrize(
    "text",
    ["", "1", STANDARD_EXAMPLE + "3", "９１350100M000100Y43", "91350100M000100Y4\n", " " * 18],
)
def test_other_shapes_are_refused(text: str) -> None:
    with pytest.raises(CodeInvalid):
        validate_credit_code(text)


def test_small_letters_become_capitals() -> None:
    assert validate_credit_code(STANDARD_EXAMPLE.lower()).text == STANDARD_EXAMPLE


def test_a_wrong_inner_check_character_is_only_a_warning() -> None:
    assert subject_check_character("71526726") == "X"
    assert subject_check_character("M000100Y") == "4"
    assert len(validate_credit_code("111502006771863740").warnings) == 1


def test_a_field_is_named_and_its_value_is_not_repeated() -> None:
    with pytest.raises(Invalid) as refused:
        check_credit_code("11150000000012343A", pointer="/code")
    [error] = refused.value.errors
    assert error.pointer == "/code"
    assert "12343" not in str(error.detail) + str(error.fix)


def test_rule_24_why_a_credit_code_cannot_exist() -> None:
    wrong = {
        "91350100M000100Y4Z": credit.CHARACTER,
        "91350100M000100Y4": credit.LENGTH,
        "９１350100M000100Y43": credit.CHARACTER,
        "9135A100M000100Y43": credit.DIVISION,
        "91350100M000100Y44": credit.CHECK,
    }
    for code, fault in wrong.items():
        assert fault_of(code) is fault, code
    codes = [*wrong, *GOVERNMENT, STANDARD_EXAMPLE, None]
    numbers = [credit.FAULTS.index(fault) + 1 for fault in wrong.values()]
    assert faults_of(pa.array(codes)).to_pylist() == [*numbers, 0, 0, 0, 0, None]


def test_rule_24_only_admitted_kinds_are_taken_where_a_policy_says_so() -> None:
    kinds = {"11", "12"}
    assert fault_of(STANDARD_EXAMPLE, kinds) is credit.KIND
    assert fault_of(GOVERNMENT[0], kinds) is None
    found = faults_of(pa.array([STANDARD_EXAMPLE, *GOVERNMENT]), kinds)
    assert found.to_pylist() == [credit.FAULTS.index(credit.KIND) + 1, 0, 0, 0]


def test_an_inner_mismatch_of_a_column_is_told_apart_from_a_fault() -> None:
    codes = ["111502006771863740", GOVERNMENT[0], "no code", None]
    assert inner_mismatches(pa.array(codes)).to_pylist() == [True, False, False, None]
