"""Names and definitions as bags of letter pairs."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_BRACKETS: Final = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
#: Words that catalogues use for the same: written → as it is compared. Longer ones first.
SAME: Final = (
    ("出生年月日", "出生日期"),
    ("年月日", "日期"),
    ("标识码", "代码"),
    ("编码", "代码"),
    ("编号", "号"),
    ("号码", "号"),
    ("时间", "日期"),
    ("类别", "类型"),
    ("种类", "类型"),
    ("级别", "等级"),
    ("等次", "等级"),
    ("居民身份证", "身份证"),
    ("公民身份", "身份证"),
    ("证件照", "照片"),
    ("住址", "地址"),
    ("住所", "地址"),
    ("所在地", "地址"),
    ("企业", "单位"),
    ("机构", "单位"),
    ("人数", "数"),
    ("数量", "数"),
    ("金额", "额"),
    ("资金", "资本"),
)


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """Width, case, punctuation and what stands in brackets do not count."""
    plain = _BRACKETS.sub("", unicodedata.normalize("NFKC", text)) or text
    return "".join(char for char in plain.casefold() if char.isalnum())


@lru_cache(maxsize=65_536)
def compared(text: str) -> str:
    """The folded text in the words that are compared."""
    found = folded(text)
    for written, same in SAME:
        found = found.replace(written, same)
    return found


def features(text: str) -> Iterator[str]:
    """Each Han character and each pair of neighbours, each Latin word; in no order."""
    run = compared(text)
    for part in re.findall(r"[a-z0-9]+|[^a-z0-9]+", run):
        if part[0].isascii():
            yield part
            continue
        yield from part
        yield from (part[place : place + 2] for place in range(len(part) - 1))


def weight(feature: str) -> float:
    """A single character says less than a pair."""
    return 0.35 if len(feature) == 1 and not feature.isascii() else 1.0
