"""The open question of an encoding (编码待定): a file that may be read in several ways, of which a
person takes one.

While it is open the file can be looked at, read as the likeliest; nothing of it is stored. It is
answered by stating the encoding. Runs in the child.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from shuqiao.arrow.intake.batches import TextBatch, TextTable
from shuqiao.arrow.intake.options import EncodingReading
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.errors import FieldError
from shuqiao.i18n import _

_NAMES_SHOWN: Final = 6
_VALUES_SHOWN: Final = 5
_CHARACTERS_SHOWN: Final = 60


def readings_shown(
    names: Sequence[str], table_in: Callable[[str], TextTable]
) -> tuple[EncodingReading, ...]:
    """What the encodings make of the file; those in which it is no table are left out."""
    return tuple(shown for name in names if (shown := _reading(name, table_in)) is not None)


def encoding_open() -> DecodeRefused:
    """Refuses to store what may be garbled."""
    detail = _("The file can be read in more than one encoding, and nobody has chosen one yet")
    fix = _("State the encoding in which the names and values are legible.")
    return DecodeRefused(
        "encoding_open", detail, errors=[FieldError("/encoding", "encoding_open", detail, fix)]
    )


def _reading(name: str, table_in: Callable[[str], TextTable]) -> EncodingReading | None:
    try:
        table = table_in(name)
        names = [
            column.original_name for column in table.columns if not column.original_name.isascii()
        ]
        values: list[tuple[int, str]] = []
        for text in table:
            values.extend(_telling(text, _VALUES_SHOWN - len(values)))
            if len(values) == _VALUES_SHOWN:
                break
    except DecodeRefused:
        return None
    if not names and not values:  # above the header row then
        names = [cell for cells in table.top for cell in cells if cell and not cell.isascii()]
    return EncodingReading(name, tuple(map(_cut, names[:_NAMES_SHOWN])), tuple(values))


def _telling(text: TextBatch, most: int) -> Iterator[tuple[int, str]]:
    """The first values beyond ASCII with their rows, each once, row by row."""
    seen: set[str] = set()
    for position, cells in enumerate(
        zip(*(column.to_pylist() for column in text.batch.columns), strict=True)
    ):
        for cell in cells:
            if len(seen) == most:
                return
            if cell is not None and not cell.isascii() and cell not in seen:
                seen.add(cell)
                yield text.row_number(position), _cut(cell)


def _cut(text: str) -> str:
    """The part of a text around its first character beyond ASCII."""
    first = next((place for place, char in enumerate(text) if not char.isascii()), 0)
    start = max(0, first - _CHARACTERS_SHOWN // 2)
    return text[start : start + _CHARACTERS_SHOWN]
