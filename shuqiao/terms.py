"""What a text is found by: every Han character and every two neighbours, so that each part of a
name finds it, wherever words begin; everything else by whole runs of letters or digits. A title
also by its sounds: syllables, two neighbours of them, and three initials.

Folded first: compatibility forms (NFKC), case, traditional characters. What is neither letter nor
digit separates, so that no operator of a query language survives.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from shuqiao.rarely_traditional import RARELY
from shuqiao.readings import read_as
from shuqiao.traditional import SIMPLIFIED

_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_SIMPLIFIED: Final = {**RARELY, **SIMPLIFIED}
_RUN: Final = re.compile(f"[{_HAN}]+|[^ {_HAN}]+")
_IS_HAN: Final = re.compile(f"[{_HAN}]+")


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLIFIED)


def words(text: str) -> tuple[str, ...]:
    """What stands between blanks and signs, folded, each once, in order."""
    plain = "".join(char if _is_said(char) else " " for char in folded(text))
    return tuple(dict.fromkeys(plain.split()))


def _is_said(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"


def runs(word: str) -> list[str]:
    """The word where Han characters begin and end: GDP统计 is GDP and 统计."""
    return _RUN.findall(word)


def is_han(run: str) -> bool:
    return _IS_HAN.fullmatch(run) is not None


def neighbours(run: str) -> list[str]:
    """Every two neighbours of a run of Han characters; one alone is itself."""
    return [one + two for one, two in pairwise(run)] or [run]


@lru_cache(maxsize=8_192)  # items and departments are called the same in many entries
def terms(text: str) -> tuple[str, ...]:
    """What the index keeps of a text."""
    found: dict[str, None] = {}
    for word in words(text):
        for run in runs(word):
            found |= dict.fromkeys([*run, *neighbours(run)] if is_han(run) else [run])
    return tuple(found)


def sounds(title: str) -> Iterable[str]:
    """What the index keeps of how a title is read; no word has a sign in it as these have."""
    found: dict[str, None] = {}
    for word in words(title):
        for run in filter(is_han, runs(word)):
            found |= dict.fromkeys(_sounds(run))
    return found


def _sounds(run: str) -> Iterator[str]:
    for length in (1, 2):
        for start in range(len(run) - length + 1):
            yield from map(sound, read_as(run[start : start + length]))
    for start in range(len(run) - 2):
        for read in read_as(run[start : start + 3]):
            yield initials("".join(each[0] for each in read))


def sound(syllables: Iterable[str]) -> str:
    return "".join(f".{each}" for each in syllables)


def initials(letters: str) -> str:
    return f"-{letters}"
