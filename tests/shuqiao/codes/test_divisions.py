"""GB/T 2260: form, rank and parent, of one code and of a column (property tests beside it)."""

import pytest

from shuqiao.codes.divisions import DivisionLevel, division_level, division_parent, fault_of
from shuqiao.codes.faults import CodeInvalid


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
    assert fault_of(code) is not None
    with pytest.raises(CodeInvalid):
        division_level(code)
