"""Rows and columns that a workbook hides: they are read like the others, and said. Runs in the
child.
"""

import re
from collections.abc import Iterator
from typing import Final

_PREFIX: Final = rb"<(?:[A-Za-z0-9_.-]{1,40}:)?"
_ROW: Final = re.compile(_PREFIX + rb"row\s([^<>]{0,400})>")
_COLUMN: Final = re.compile(_PREFIX + rb"col\s([^<>]{0,400})>")
_ATTRIBUTE: Final = re.compile(rb"""\b(r|min|max|hidden)\s*=\s*["']([A-Za-z0-9]{1,10})["']""")
_LAST_COLUMN: Final = 16_384


def hidden_rows(text: bytes) -> Iterator[int]:
    """The numbers of the rows of a piece of a sheet that are hidden."""
    for at in _hidden(_ROW, text):
        if (number := at.get(b"r", b"")).isdigit():
            yield int(number)


def hidden_columns(text: bytes) -> Iterator[int]:
    """The columns (0 is A) that a piece of a sheet hides."""
    for at in _hidden(_COLUMN, text):
        first, last = at.get(b"min", b""), at.get(b"max", b"")
        if first.isdigit() and last.isdigit():
            yield from range(int(first) - 1, min(int(last), _LAST_COLUMN))


def _hidden(rule: re.Pattern[bytes], text: bytes) -> Iterator[dict[bytes, bytes]]:
    if b"hidden" not in text:
        return
    for inner in rule.findall(text):
        at = dict(_ATTRIBUTE.findall(inner))
        if at.get(b"hidden") in (b"1", b"true"):
            yield at
