"""Which data administration decides on a source: computed from level and area, never chosen.

One reckoning for claims (one side) and for conflicts about them (two).
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from auth.areas.words import NATION, span_of
from auth.departments.models import Department
from auth.departments.words import Level, Line
from shuqiao.i18n import Message, _

#: The levels that have a data administration, the highest first.
_LEVELS: Final = (Level.NATIONAL, Level.PROVINCE, Level.CITY, Level.COUNTY)


@dataclass(frozen=True, slots=True)
class Instance:
    """The data administration of one level and area."""

    level: Level
    area_code: str

    @property
    def key(self) -> str:
        return f"{self.level}:{self.area_code}"

    @classmethod
    def of_key(cls, key: str) -> "Instance | None":
        level, _colon, area = key.partition(":")
        return cls(Level(level), area) if area else None

    def called(self, area: str) -> Message:
        return _("%(level)s data administration of %(area)s", level=self.level.label, area=area)


class Reach(Enum):
    """What a data administration can do about a department as a source."""

    NAMES = auto()
    RECORDS = auto()
    NOTHING = auto()


def instance_of(*sides: Department) -> Instance | None:
    """Of a department, or of several of the same level and area, their own (Order 809, Art. 19);
    across levels or areas, or where one is led from above, the common superior one (Art. 28). None
    where level or area of a side is not stated: that stands in nobody's way.
    """
    seats = {_seat(each) for each in sides}
    if None in seats:
        return None
    stated = [each for each in seats if each is not None]
    if len(stated) == 1 and not any(each.line is Line.VERTICAL for each in sides):
        return stated[0]
    at = max(min(_LEVELS.index(each.level) for each in stated) - 1, 0)
    while at and len({_upper(each.area_code, at) for each in stated}) > 1:
        at -= 1
    return Instance(_LEVELS[at], _upper(stated[0].area_code, at))


def reach(administration: Department, department: Department) -> Reach | None:
    """It names the departments of its own level and area, and records as upper sources (上级数源)
    those above it and those near it that are led from above; others are another administration's.

    None where level or area of one is not stated: that stands in nobody's way.
    """
    own, its = _seat(administration), _seat(department)
    if own is None or its is None:
        return None
    if department.line is Line.VERTICAL:
        is_near = lies_in(own.area_code, its.area_code) or lies_in(its.area_code, own.area_code)
        return Reach.RECORDS if is_near else Reach.NOTHING
    if own == its:
        return Reach.NAMES
    is_above = _LEVELS.index(its.level) < _LEVELS.index(own.level)
    return Reach.RECORDS if is_above and lies_in(own.area_code, its.area_code) else Reach.NOTHING


def lies_in(code: str, upper: str) -> bool:
    """Whether an area is ``upper``, or lies in it."""
    inner, outer = span_of(code), span_of(upper)
    return outer.start <= inner.start and inner.stop <= outer.stop


def _seat(department: Department) -> Instance | None:
    """Level and area of a department; a street or township has the administration of its county."""
    if department.level is None or department.area_code is None:
        return None
    return Instance(
        _LEVELS[min(department.level.depth, len(_LEVELS) - 1)],
        department.area_code,
    )


def _upper(area_code: str, depth: int) -> str:
    """The area of that level in which an area lies."""
    if not depth:
        return NATION
    return area_code[: 2 * depth].ljust(6, "0")
