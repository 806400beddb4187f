"""Dates and times of GB/T 7408.1-2023 (ISO 8601-1:2019), in their extended form.

Date 2025-08-01 · time 09:30, 09:30:00, 09:30:00.123 (up to nine places, point or comma), each also
with Z or an offset as +08:00 · date and time 2025-08-01T09:30:00+08:00. Not taken though other
profiles do: the basic form 20250801, 24:00, a 61st second, -00:00.
"""

import re
from typing import Final

from shuqiao.codes.faults import Fault
from shuqiao.codes.identity import is_day
from shuqiao.i18n import _

_ISO: Final = _("Write it as GB/T 7408.1 does: 2025-08-01, 09:30:00, 2025-08-01T09:30:00+08:00")

FORM: Final = Fault("moment_form", _("This has not the form of a date or time"), _ISO)
DAY: Final = Fault("moment_day", _("The calendar has no such day"), _("Look at month and day"))
CLOCK: Final = Fault(
    "moment_clock",
    _("The clock has no such time"),
    _("Hours are 00 to 23, minutes and seconds 00 to 59"),
)
ZONE: Final = Fault(
    "moment_zone",
    _("There is no such offset from UTC"),
    _("Write Z or an offset as +08:00; -00:00 is none"),
)
#: In the order in which they are looked for.
FAULTS: Final = (FORM, DAY, CLOCK, ZONE)
#: Places of a second's fraction.
PLACES: Final = 9

_D: Final = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_T: Final = (
    rf"([0-9]{{2}}):([0-9]{{2}})(?::([0-9]{{2}})(?:[.,][0-9]{{1,{PLACES}}})?)?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))?"
)
_DATE: Final = re.compile(_D)
_TIME: Final = re.compile(_T)
_DATETIME: Final = re.compile(f"{_D}T{_T}")


def date_fault_of(text: str) -> Fault | None:
    """What is wrong with ``text`` as a date."""
    found = _DATE.fullmatch(text)
    return FORM if found is None else _day(found.groups())


def time_fault_of(text: str) -> Fault | None:
    """What is wrong with ``text`` as a time of day."""
    found = _TIME.fullmatch(text)
    return FORM if found is None else _clock(found.groups())


def datetime_fault_of(text: str) -> Fault | None:
    """What is wrong with ``text`` as a date with a time."""
    found = _DATETIME.fullmatch(text)
    return FORM if found is None else _day(found.groups()[:3]) or _clock(found.groups()[3:])


def _day(parts: tuple[str | None, ...]) -> Fault | None:
    year, month, day = (int(part or "") for part in parts)
    return None if is_day(year, month, day) else DAY


def _clock(parts: tuple[str | None, ...]) -> Fault | None:
    hour, minute, second, sign, ahead, apart = parts
    if int(hour or "") > 23 or int(minute or "") > 59 or int(second or 0) > 59:
        return CLOCK
    if sign is None:
        return None
    is_none = sign == "-" and (ahead, apart) == ("00", "00")
    return ZONE if is_none or int(ahead or "") > 23 or int(apart or "") > 59 else None
