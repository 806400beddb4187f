"""Names of columns: initials of Chinese words (``xzqhdm``), English words (``org_code``)."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from catalog.duplicates.checks.pinyin import initials

_WORD: Final = re.compile(r"[a-z]+|[0-9]+")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
#: What columns write short.
SHORT: Final = {
    "addr": ("address",),
    "amt": ("amount",),
    "birthday": ("birth", "date"),
    "cert": ("certificate",),
    "dept": ("department",),
    "dob": ("birth", "date"),
    "gender": ("sex",),
    "id": ("identity",),
    "idcard": ("identity", "number"),
    "lat": ("latitude",),
    "lng": ("longitude",),
    "lon": ("longitude",),
    "mail": ("e", "mail"),
    "email": ("e", "mail"),
    "mobile": ("telephone",),
    "no": ("number",),
    "num": ("number",),
    "org": ("organisation",),
    "organization": ("organisation",),
    "phone": ("telephone",),
    "qty": ("number",),
    "region": ("division",),
    "tel": ("telephone",),
    "uscc": ("unified", "social", "credit", "code"),
    "zip": ("postal", "code"),
    "zipcode": ("postal", "code"),
}
_SILENT: Final = frozenset({"of", "the", "a", "an", "for", "to", "in"})


@lru_cache(maxsize=65_536)
def words(column_name: str) -> tuple[str, ...]:
    """English words of a column or an English name, written out."""
    found: list[str] = []
    for word in _WORD.findall(_HUMP.sub(" ", column_name).casefold()):
        found.extend(SHORT.get(word, () if word in _SILENT else (word,)))
    return tuple(found)


def letters(column_name: str) -> str:
    """The column's letters; Chinese ones by their initials."""
    return "".join(_WORD.findall(initials(column_name)))


def trios(run: str) -> Iterator[str]:
    """Three neighbours each of a run of letters, where it begins and ends marked."""
    marked = f"^{run}$"
    if len(run) < 2:
        return
    yield from (marked[place : place + 3] for place in range(len(marked) - 2))
