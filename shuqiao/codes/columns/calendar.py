"""Days of the Gregorian calendar over whole columns."""

import calendar
from typing import Final

import numpy as np

from shuqiao.codes.columns.judging import Masks, Numbers, Wide, number

#: Month and day as four digits → 0 never, 1 every year, 2 in leap years.
_DAYS: Final = np.zeros(10_000, np.uint8)
for _month in range(1, 13):
    _DAYS[_month * 100 + 1 : _month * 100 + 1 + calendar.monthrange(2023, _month)[1]] = 1
_DAYS[229] = 2
#: Year → what a day must be less than, or equal to, to exist in it; no year 0.
_YEARS: Final = np.array([2 if calendar.isleap(year) else 1 for year in range(10_000)], np.uint8)
_YEARS[0] = 0


def are_days(year: Numbers, month: Numbers, day: Numbers) -> Masks:
    """Whether the calendar has each day; the parts are given as digits, places × values."""
    at = _within(number(np.concatenate([month, day])))
    held = _DAYS.take(at)
    return np.asarray((held != 0) & (held <= _YEARS.take(_within(number(year)))))


def _within(numbers: Wide) -> Wide:
    """Where a character was no digit, any number will do: the value has another fault already."""
    return np.minimum(numbers, np.uint16(9_999))
