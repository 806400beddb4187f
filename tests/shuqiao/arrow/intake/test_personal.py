"""Personal information is noticed by name, pattern and check digit."""

import pyarrow as pa
import pytest

from shuqiao.arrow.intake.personal import by_name, is_identity_number
from shuqiao.arrow.intake.profiles import ColumnProfile

#: Made numbers whose check characters are right.
RIGHT = ("11010519491231002X", "440524188001010014")


def noticed(name: str, *values: str | None) -> bool:
    profile = ColumnProfile(name)
    profile.add(pa.array(values, pa.string()))
    return profile.personal.are_there


@pytest.mark.parametrize(
    "name", ["姓名", "身份证号", "联系手机", "家庭住址", "出生日期", "id_card"]
)
def test_names_of_personal_information(name: str) -> None:
    assert by_name(name) and noticed(name, "x")


@pytest.mark.parametrize(
    "name", ["名称", "单位姓名", "联系电话", "学校地址", "人数", "valid_cards"]
)
def test_names_of_other_things(name: str) -> None:
    assert not by_name(name)


@pytest.mark.parametrize(
    ("values", "is_noticed"),
    [
        (RIGHT, True),
        ((RIGHT[0].lower(), None, "无"), True),
        ((RIGHT[0], "a", "b", "c"), False),
        (("110105194912310021", "440524188001010015"), False),
        (("13812345678", "+8613912345678"), True),
        (("12812345678", "1381234567"), False),
        ((None,), False),
        (("150102199001011234", "x"), False),
    ],
)
def test_values_of_persons(values: tuple[str | None, ...], is_noticed: bool) -> None:
    assert noticed("编号", *values) is is_noticed


def test_the_check_character_decides() -> None:
    assert all(map(is_identity_number, RIGHT))
    others = (digit for digit in "0123456789" if digit != RIGHT[1][-1])
    assert not any(is_identity_number(RIGHT[1][:-1] + digit) for digit in others)
