"""What speaks for a row being names although it looks like data, and the other way round."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from shuqiao.arrow.intake.proposals import looks_typed

_CAPTION: Final = re.compile(
    r"(?:[^（(]{0,4}单位|制表|填报|填表|表\s*号|[^（(]{0,4}日期)\w{0,4}\s*[:：]"
)
#: What a form asks above its table; its answer stands in the next cell.
_ASKED: Final = re.compile(
    r"((?:填报|填表|制表|报送|编制|主管|审核|联系)(?:单位|部门|人|日期|时间|电话))|"
    r"(?:单位|部门)(?:名称|负责人)?|负责人|日期|时间|电话|年度|表号"
)
YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}年?")
#: Numbers one after another up to this one may be months, days or grades.
_DAYS: Final = 31
ROWS_COMPARED: Final = 100


def is_series(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether names that are numbers stand in ``first``: a word, and then months or other numbers
    one after another, years, or codes of another length than the values below have.
    """
    cells = [cell.strip() for cell in first]
    names = cells[1:]
    if len(names) < 2 or not cells[0] or looks_typed(cells[0]) or len(set(names)) < len(names):
        return False
    values = [row for row in below[:ROWS_COMPARED] if any(cell.strip() for cell in row)]
    if not values or not all(name.isdecimal() and name.isascii() for name in names):
        return False
    if any(not row[0].strip() or looks_typed(row[0]) for row in values):
        return False
    numbers = [int(name) for name in names]
    in_turn = all(later == earlier + 1 for earlier, later in pairwise(numbers))
    if in_turn and len(numbers) > 2 and numbers[-1] <= _DAYS:
        follows = [[cell.strip() for cell in row[1 : len(cells)]] for row in values]
        return not any(_goes_up(row) for row in follows)
    lengths = {len(name) for name in names}
    below_lengths = {len(cell.strip()) for row in values for cell in row[1:] if cell.strip()}
    return len(lengths) == 1 and min(lengths) >= 4 and not lengths & below_lengths


def _goes_up(cells: Sequence[str]) -> bool:
    if not all(cell.isdecimal() for cell in cells):
        return False
    return len(cells) > 2 and all(int(b) == int(a) + 1 for a, b in pairwise(cells))


def may_be_data(header: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether names that were taken for such may be the first record: a code among codes of its
    length, or a word that comes again below it.
    """
    for index, cell in enumerate(header):
        values = [
            row[index].strip()
            for row in below[:ROWS_COMPARED]
            if index < len(row) and row[index].strip()
        ]
        name = cell.strip()
        if not name or len(values) < 2 or YEAR.fullmatch(name):
            continue
        if name in values:
            return True
        is_code = name.isdecimal() and {len(value) for value in values} == {len(name)}
        if is_code and all(value.isdecimal() for value in values):
            return True
    return False


def is_caption(cells: Sequence[str]) -> bool:
    """Whether a row tells about the table, its unit or its date, instead of naming columns: behind
    a colon, or question and answer in turn, one of which only a form asks.
    """
    told = [cell.strip() for cell in cells if cell.strip()]
    asked = [_ASKED.fullmatch(cell) for cell in told]
    is_in_turn = [each is not None for each in asked] == [n % 2 == 0 for n in range(len(told))]
    is_form = is_in_turn and len(told) % 2 == 0 and any(each[1] for each in asked if each)
    return is_form or is_said(cells)


def is_said(cells: Sequence[str]) -> bool:
    """Whether it stands behind a colon."""
    return any(_CAPTION.match(cell.strip()) for cell in cells)
