"""Initials of Chinese words as columns bear them: 行政区划代码 → ``xzqhdm``."""

from bisect import bisect_right
from functools import lru_cache
from typing import Final

#: The first level of GB/T 2312 is in the order of the sounds: where each initial begins. No
#: character begins with i, u or v.
_BEGINS: Final = (
    *((0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f")),
    *((0xB8C1, "g"), (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m")),
    *((0xC4C3, "n"), (0xC5B6, "o"), (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s")),
    *((0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"), (0xD1B9, "y"), (0xD4D1, "z")),
)
_PLACES: Final = [place for place, _letter in _BEGINS]
_LAST: Final = 0xD7F9


@lru_cache(maxsize=65_536)
def initials(text: str) -> str:
    """Its letters and digits; a character whose sound is not known leaves no trace."""
    return "".join(_initial(char) for char in text)


def _initial(char: str) -> str:
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    try:
        raw = char.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    place = int.from_bytes(raw, "big")
    if not _PLACES[0] <= place <= _LAST:
        return ""  # beyond the first level characters stand by their strokes
    return _BEGINS[bisect_right(_PLACES, place) - 1][1]
