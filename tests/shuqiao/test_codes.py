import pytest

from shuqiao.codes import (
    CREDIT_ALPHABET,
    CodeInvalid,
    DivisionLevel,
    check_credit_code,
    division_level,
    division_parent,
    subject_check_character,
    validate_credit_code,
)
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
    for last in set(CREDIT_ALPHABET) - {"3"}:
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
        for other in set(CREDIT_ALPHABET) - {code[place]}:
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


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("150000", DivisionLevel.PROVINCE, None),
        ("150200", DivisionLevel.PREFECTURE, "150000"),
        ("150271", DivisionLevel.COUNTY, "150200"),
        ("419001", DivisionLevel.COUNTY, "419000"),
    ],
)
def test_a_division_code_tells_its_level_and_parent(
    code: str, level: DivisionLevel, parent: str | None
) -> None:
    assert division_level(code) is level
    assert division_parent(code) == parent


@pytest.mark.parametrize("code", ["15020", "1502000", "15020a", "000000", "150001", "１５0200", ""])
def test_what_is_no_division_code_is_refused(code: str) -> None:
    with pytest.raises(CodeInvalid):
        division_level(code)
