"""GB 11643: check character, real day, normal form, and never unmasked."""

import pyarrow as pa
import pytest

from shuqiao.codes import identity
from shuqiao.codes.columns import identity as columns
from shuqiao.codes.faults import CodeInvalid

#: Examples of the standard itself, then one made up.
VALID = ["11010519491231002X", "440524188001010014", "150102199001011230"]
WRONG = {
    "150203202302301238": identity.BIRTH,
    "150203202302291239": identity.BIRTH,
    "11010519491231002": identity.LENGTH,
    "1101051949123100２X": identity.CHARACTER,
    "１1010519491231002X": identity.CHARACTER,
    "110105194912310021": identity.CHECK,
    "X1010519491231002X": identity.CHARACTER,
    "010105194912310020": identity.DIVISION,
    "110005194912310020": identity.DIVISION,
    "": identity.LENGTH,
}


def test_rule_25_check_character_and_real_date() -> None:
    for number in VALID:
        assert identity.fault_of(number) is None
    for number, fault in WRONG.items():
        assert identity.fault_of(number) is fault, identity.masked(number)
    column = pa.array([*VALID, None, *WRONG])
    numbers = [identity.FAULTS.index(fault) + 1 for fault in WRONG.values()]
    assert columns.faults_of(column).to_pylist() == [0, 0, 0, None, *numbers]


def test_rule_25_a_leap_day_is_one_only_in_leap_years() -> None:
    def of_day(day: str) -> str:
        first = f"150102{day}123"
        total = sum(int(d) * w for d, w in zip(first, identity.WEIGHTS, strict=False))
        return first + identity.CHECKS[total % 11]

    days = ["20000229", "19000229", "20240229", "20230229", "20240431", "00000101", "20241301"]
    found = columns.faults_of(pa.array([of_day(day) for day in days])).to_pylist()
    birth = identity.FAULTS.index(identity.BIRTH) + 1
    assert found == [0, birth, 0, birth, birth, birth, birth]


@pytest.mark.parametrize("number", VALID)
def test_every_single_digit_and_every_swap_is_caught(number: str) -> None:
    for place in range(18):
        others = set("0123456789X" if place == 17 else "0123456789") - {number[place]}
        for other in others:
            assert identity.fault_of(number[:place] + other + number[place + 1 :]) is not None
    for place in range(17):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert swapped == number or identity.fault_of(swapped) is not None


def test_a_small_x_becomes_a_capital_and_nothing_else_is_mended() -> None:
    assert identity.normalised("11010519491231002x") == VALID[0]
    with pytest.raises(CodeInvalid) as refused:
        identity.normalised("110105 19491231002x")
    assert "19491231" not in str(refused.value)


def test_rule_25_a_number_is_masked_one_by_one_and_by_the_column() -> None:
    texts = [*VALID, "110105491231002", "1234567890123", "", "甲" * 20]
    expected = [
        "110105********002X",
        "440524********0014",
        "150102********1230",
        "110105*****1002",
        "*" * 13,
        "",
        "甲" * 6 + "*" * 10 + "甲" * 4,
    ]
    assert [identity.masked(text) for text in texts] == expected
    assert columns.masked(pa.array([*texts, None])).to_pylist() == [*expected, None]
    line = f"见 {VALID[0]} 和 0{VALID[1]}"
    assert identity.mask_inside(line) == f"见 110105********002X 和 0{VALID[1]}"
