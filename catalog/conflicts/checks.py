"""Which data administration a source conflict goes to: computed, never chosen."""

from dataclasses import dataclass
from typing import Final

from auth.areas.words import NATION
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


def instance_of(one: Department, other: Department) -> Instance | None:
    """Of two sides of the same level and area, their own (Order 809, Art. 19); across levels or
    areas, or where one is led from above, the common superior one (Art. 28). None where level or
    area of a side is not stated: that stands in nobody's way.
    """
    sides = [(_depth(each.level), each.area_code) for each in (one, other) if each.level]
    if len(sides) != 2 or None in (one.area_code, other.area_code):
        return None
    is_vertical = Line.VERTICAL in (one.line, other.line)
    (depth, area), (other_depth, other_area) = sides
    assert area is not None and other_area is not None
    if sides[0] == sides[1] and not is_vertical:
        return Instance(_LEVELS[depth], area)
    at = max(min(depth, other_depth) - 1, 0)
    while at and _upper(area, at) != _upper(other_area, at):
        at -= 1
    return Instance(_LEVELS[at], _upper(area, at))


def _depth(level: Level) -> int:
    """A street or township has the administration of its county."""
    return min(level.depth, len(_LEVELS) - 1)


def _upper(area_code: str, depth: int) -> str:
    """The area of that level in which an area lies."""
    if not depth:
        return NATION
    return area_code[: 2 * depth].ljust(6, "0")
