"""What is asked of the index for what people type: as it stands first, then step by step wider.

A step is a conjunction of groups, a group a choice of ways; a way is a condition on the index (text
of a ``tsquery``), perhaps with what the title must look like.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final

from catalog.search.words import Widening
from shuqiao.readings import read_as, readings, syllables
from shuqiao.skeletons import skeleton
from shuqiao.terms import initials, is_han, neighbours, runs, sound, words

#: Longer words are no slips of single characters, and have too many ways.
_LONGEST: Final = 24
_TWICE: Final = 12
_LETTERS: Final = 60
_VARIANTS: Final = 6
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Way:
    """``patterns``: of the title's skeleton (LIKE), any of them."""

    query: str
    patterns: tuple[str, ...] = ()


Group = tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One way of asking for all of the words; ``widening`` None: as typed."""

    groups: tuple[Group, ...]
    widening: Widening | None = None


def typed(said: Sequence[str]) -> Step:
    """Every word as it stands, or by another name of the same."""
    return Step(tuple(_ways(*map(_whole, variants(word))) for word in said))


def widened(words: Sequence[str]) -> Iterator[Step]:
    """The further steps, each wider than the one before; of each word what stands is enough."""
    yield _each(words, Widening.APART, lambda word: map(_apart, variants(word)))
    letters = _joined(words)
    if any(map(_is_latin, letters)):
        yield _each(letters, Widening.SOUND, lambda word: [_sounding(word)])
    yield Step(tuple((*_ways(_whole(word)), *_near(word)) for word in words), Widening.NEAR)
    yield Step((_ways(*(each for word in words for each in _parts(word))),), Widening.ANY)


@cache
def _synonyms() -> tuple[tuple[str, ...], ...]:
    """A sample, until the registry keeps them: names that are said for the same, a group a line."""
    with Path(__file__).with_name("synonyms.csv").open(encoding="utf-8") as file:
        return tuple(tuple(row) for row in csv.reader(file) if row)


def variants(word: str) -> list[str]:
    """The word, and the word with a part of it said by another name."""
    found = {word: None}
    for group in _synonyms():
        said = [name for name in group if name in word]
        for name in said:
            found |= {word.replace(name, other): None for other in group if other not in said}
    return list(found)[: _VARIANTS + 1]


def _ways(*queries: str) -> Group:
    kept = dict.fromkeys(query for query in queries if query)
    return (Way(" | ".join(kept)),) if kept else ()


def _each(words: Sequence[str], widening: Widening, wider: Callable[[str], Iterable[str]]) -> Step:
    return Step(tuple(_ways(_whole(word), *wider(word)) for word in words), widening)


def _quoted(terms: Iterable[str]) -> str:
    """All of them; none has a quote or a backslash in it (``shuqiao.terms``)."""
    return "(" + " & ".join(f"'{term}'" for term in terms) + ")"


def _whole(word: str) -> str:
    return _quoted(
        term for run in runs(word) for term in (neighbours(run) if is_han(run) else [run])
    )


def _apart(word: str) -> str:
    """In two parts, or three, of two characters or more, wherever each of them stands."""
    if not 4 <= len(word) <= _LONGEST or not is_han(word):
        return ""
    pairs = neighbours(word)
    cuts = [
        places
        for count in ((1, 2) if len(word) <= _TWICE else (1,))
        for places in combinations(range(2, len(word) - 1), count)
        if all(two - one >= 2 for one, two in pairwise((0, *places, len(word))))
    ]
    return " | ".join(
        _quoted(pair for place, pair in enumerate(pairs, 1) if place not in places)
        for places in cuts
    )


def _is_latin(word: str) -> bool:
    return word.isascii() and word.isalpha() and 2 <= len(word) <= _LETTERS


def _joined(words: Sequence[str]) -> Sequence[str]:
    """Syllables typed one by one are one word."""
    if len(words) > 1 and all(_is_latin(word) and (word,) in syllables(word) for word in words):
        return ["".join(words)]
    return words


def _sounding(word: str) -> str:
    if not _is_latin(word):
        return ""
    ways = [_heard(cut) for cut in syllables(word)]
    trios = [word[start : start + 3] for start in range(len(word) - 2)]
    if trios and len(set(trios)) == len(trios):  # the index does not count how often one stands
        ways.append(_quoted(map(initials, trios)))
    return " | ".join(ways)


def _heard(read: Sequence[str]) -> str:
    return _quoted([sound(pair) for pair in pairwise(read)] or [sound(read)])


def _near(word: str) -> Group:
    """One character may be another: one that sounds the same, or in a longer word any."""
    if not is_han(word) or not 2 <= len(word) <= _LONGEST:
        return ()
    looks = skeleton(word)
    places = range(len(word))
    patterns = tuple(f"%{looks[:place]}_{looks[place + 1 :]}%" for place in places)
    found = []
    if all(map(readings, word)):
        found.append(Way(_heard(next(read_as(word))), patterns))
    if len(word) > 3:
        beside = [_quoted(_untouched(word, place)) for place in places]
        found.append(Way(" | ".join(beside), patterns))
    return tuple(found)


def _untouched(word: str, place: int) -> list[str]:
    left, right = word[:place], word[place + 1 :]
    return [term for part in (left, right) if part for term in neighbours(part)]


def _parts(word: str) -> Iterator[str]:
    """A word for itself; of a long one what is left without two characters at either end."""
    if len(word) < 2:
        return
    yield from map(_whole, variants(word))
    if is_han(word) and len(word) >= 6:
        yield from (_whole(word[:-2]), _whole(word[2:]))


def sought(words: Sequence[str]) -> list[str]:
    """What is marked in a hit: the words, by other names too, and their parts."""
    named = [name for word in words for name in variants(word)]
    parts = [
        part for name in named for run in runs(name) if is_han(run) for part in neighbours(run)
    ]
    return list(dict.fromkeys([*named, *parts]))


def meant(query: str, titles: Iterable[str]) -> list[str]:
    """What titles say in place of the words of a query that was widened by sound or character."""
    found: dict[str, None] = {}
    asked = _joined(words(query))
    for title in titles:
        text = "".join(words(title))
        found |= {" ".join(_said_as(word, text) or word for word in asked): None}
    found.pop(" ".join(asked), None)
    return list(found)[:_SHOWN]


def _said_as(word: str, text: str) -> str:
    """The part of ``text`` that the word was perhaps meant to be."""
    ways: list[tuple[Sequence[str], Callable[[Sequence[str], str], bool]]] = []
    if is_han(word):
        ways = [(word, _differs_once)]
    elif _is_latin(word):
        ways = [*((cut, _is_read) for cut in syllables(word)), (word, _begins)]
    for parts, fits in ways:
        for start in range(len(text) - len(parts) + 1):
            part = text[start : start + len(parts)]
            if fits(parts, part):
                return part
    return ""


def _differs_once(word: Sequence[str], part: str) -> bool:
    return sum(one != two for one, two in zip(word, part, strict=True)) <= 1


def _is_read(read: Sequence[str], part: str) -> bool:
    return all(each in readings(char) for each, char in zip(read, part, strict=True))


def _begins(letters: Sequence[str], part: str) -> bool:
    return all(
        any(read.startswith(letter) for read in readings(char))
        for letter, char in zip(letters, part, strict=True)
    )
