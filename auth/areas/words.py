"""What an area is, and how high it stands."""

from shuqiao.i18n import _
from shuqiao.words import Word


class AreaKind(Word):
    """Whether the standard names the area, or it was registered here."""

    DIVISION = "division", _("Administrative division")
    FUNCTIONAL = "functional", _("Functional area")


class Rank(Word):
    """How high an area stands, read from the zeros its code ends with; the highest first."""

    NATIONAL = "national", _("Nation")
    PROVINCE = "province", _("Province or autonomous region")
    CITY = "city", _("City or league")
    COUNTY = "county", _("County, banner or district")


#: The whole country, by the digits that credit codes of national bodies (GB 32100) carry.
NATION = "100000"


def rank_of(code: str) -> Rank:
    """The rank of the area with these six digits."""
    if code == NATION:
        return Rank.NATIONAL
    if code.endswith("0000"):
        return Rank.PROVINCE
    return Rank.CITY if code.endswith("00") else Rank.COUNTY


def codes_above(code: str) -> tuple[str, ...]:
    """Codes in whose range ``code`` lies, the nearest first; some may belong to no area."""
    above = dict.fromkeys((f"{code[:4]}00", f"{code[:2]}0000", NATION))
    return tuple(each for each in above if each != code) if code != NATION else ()


def span_of(code: str) -> range:
    """The whole numbers an area takes in: its own code and those of all areas below it."""
    if code == NATION:
        return range(1_000_000)
    width = {Rank.PROVINCE: 10_000, Rank.CITY: 100}.get(rank_of(code), 1)
    return range(int(code), int(code) + width)
