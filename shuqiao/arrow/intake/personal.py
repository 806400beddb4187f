"""Columns that hold personal information by their name, the pattern of their values or the check
digit in them: noticed, for a person to decide. No value leaves here.
"""

import re
from typing import Final

import pyarrow as pa

from shuqiao.codes.identity import WEIGHTS

#: Names that personal information goes by; those of institutions have a word of their own before.
_NAME: Final = re.compile(
    r"身份证|公民身份|证件号|(?<!单位)(?<!机构)(?<!企业)(?<!学校)姓名|手机|移动电话|(?:家庭|居住|常住|户籍|现)住?址|"
    r"住址|银行卡|银行账号|护照|监护人|出生(?:日期|年月)|病历|社保卡|"
    r"(?i:\b(?:id_?card|id_?number|mobile|cell_?phone|passport|birth_?(?:day|date))\b)"
)
_IDENTITY: Final = re.compile(r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9Xx]")
_MOBILE: Final = re.compile(r"(?:\+?86[- ]?)?1[3-9][0-9]{9}")
_LAST: Final = "10X98765432"
_LOOKED_AT: Final = 200
#: A column holds such numbers when at least half of the values looked at are some.
_SHARE: Final = 0.5


def by_name(name: str) -> bool:
    """Whether a column or an item is called like personal information."""
    return _NAME.search(name) is not None


class PersonalSigns:
    """Counts the values of a column that are numbers of people, among the first of each batch."""

    def __init__(self, name: str) -> None:
        self._is_named = by_name(name)
        self._values = self._identities = self._mobiles = 0

    def add(self, values: pa.StringArray) -> None:
        """Take in values, none of them missing."""
        for value in values[:_LOOKED_AT].to_pylist():
            text = value.strip()
            self._values += 1
            self._identities += is_identity_number(text)
            self._mobiles += _MOBILE.fullmatch(text) is not None

    @property
    def are_there(self) -> bool:
        """Whether the column should be looked at as personal information."""
        least = max(1.0, _SHARE * self._values)
        return self._is_named or self._identities >= least or self._mobiles >= least


def is_identity_number(text: str) -> bool:
    """Whether ``text`` is a citizen identity number with the right check character."""
    if _IDENTITY.fullmatch(text) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], WEIGHTS, strict=False))
    return _LAST[total % 11] == text[17].upper()
