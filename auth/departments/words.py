"""What a department is: how high, how it is led, how far Order 809 binds it, what became of it."""

from collections.abc import Mapping
from typing import Final

from auth.areas.words import Rank
from shuqiao.i18n import _
from shuqiao.words import Word


class Level(Word):
    """The level of government (层级) a department belongs to, the highest first.

    A using point (嘎查村、社区) uses what its street or township answers for.
    """

    NATIONAL = "national", _("National level")
    PROVINCE = "province", _("Provincial level")
    CITY = "city", _("City level")
    COUNTY = "county", _("County level")
    TOWNSHIP = "township", _("Township level")
    USING_POINT = "using_point", _("Village or community (using point)")

    @property
    def depth(self) -> int:
        """0 for the highest."""
        return list(Level).index(self)

    @property
    def rank(self) -> Rank:
        """The rank that the area of such a department has."""
        return _RANKS.get(self, Rank.COUNTY)


_RANKS: Final[Mapping[Level, Rank]] = {
    Level.NATIONAL: Rank.NATIONAL,
    Level.PROVINCE: Rank.PROVINCE,
    Level.CITY: Rank.CITY,
}


class Line(Word):
    """Who leads a department (管理体制)."""

    TERRITORIAL = "territorial", _("Led by its own government")
    VERTICAL = "vertical", _("Led from above")
    DUAL = "dual", _("Led by both")


class Regime(Word):
    """How far the Regulations on government data sharing bind a department (适用范围)."""

    APPLIES = "applies", _("The Regulations apply")
    BY_REFERENCE = "by_reference", _("By reference (Art. 43)")
    AUTHORISED = "authorised", _("Authorised organisation")


class Act(Word):
    """What an act of reorganisation (机构改革) does."""

    RENAMED = "renamed", _("Renamed")
    MERGED = "merged", _("Merged")
    SPLIT = "split", _("Split")


class Side(Word):
    """Whether a department stood before an act or stands after it."""

    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
