"""The source of an element as a drawing: standard, source, holders, users, one band below another.

Pure figures: where each line of text stands. The template only writes them down, and the tables
beside it say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from shuqiao.i18n import Message

#: In units of the drawing, which is as wide as a small screen.
WIDTH: Final = 400
LABEL: Final = 84
_BOX: Final = 50
_GAP: Final = 8
_BETWEEN: Final = 30
#: So many characters of a full width fit into a box.
_FITS: Final = 20


@dataclass(frozen=True, slots=True)
class Box:
    """Two lines in a frame; ``tone``: source, open, missing or plain."""

    title: str
    hint: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Placed:
    """A box with the height at which it begins."""

    box: Box
    y: int

    @property
    def title(self) -> str:
        return cut(self.box.title, _FITS)

    @property
    def hint(self) -> str:
        return cut(self.box.hint, _FITS + 3)


@dataclass(frozen=True, slots=True)
class Band:
    """Boxes of one kind below each other, with the word at their left."""

    label: Message
    boxes: Sequence[Placed]
    #: Where the arrow to the next band begins and ends; 0 below the last one.
    arrow_from: int = 0
    arrow_to: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """The bands, and how high they are together."""

    bands: Sequence[Band]
    height: int
    width: int = WIDTH
    label: int = LABEL
    box: int = _BOX


def drawn(bands: Sequence[tuple[Message, Sequence[Box]]]) -> Drawing:
    """Every band that has boxes, below the one before it."""
    shown = [(label, boxes) for label, boxes in bands if boxes]
    y, placed = 2, []
    for place, (label, boxes) in enumerate(shown):
        inside = []
        for box in boxes:
            inside.append(Placed(box, y))
            y += _BOX + _GAP
        end = y - _GAP
        is_last = place == len(shown) - 1
        arrow = (0, 0) if is_last else (end, end + _BETWEEN)
        placed.append(Band(label, inside, *arrow))
        y = end + _BETWEEN
    return Drawing(placed, y - _BETWEEN + 2)


def cut(text: str, fits: int) -> str:
    """As much of ``text`` as a line of ``fits`` full characters takes; narrow ones count half."""
    taken = 0.0
    for place, char in enumerate(text):
        taken += 0.55 if char.isascii() else 1.0
        if taken > fits:
            return f"{text[: place - 1]}…"
    return text
