"""What columns are called: the cells of the header rows joined, made visible and unique."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from shuqiao.arrow.intake.options import DecodeLimits
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _


@dataclass(frozen=True, slots=True)
class Column:
    """A column under its unique name, and as the file itself calls it."""

    name: str
    original_name: str


def joined(rows: Sequence[Sequence[str]], width: int, limits: DecodeLimits) -> list[str]:
    """One name a column from the header ``rows``, upper ones first: ``在校生_合计``.

    A heading over several columns stands in the first of them only: the blank cells to its right
    take it, as long as a name stands below them. A name too long to be joined is the lowest alone.
    """
    levels = [
        _spread([cell.strip() for cell in cells], rows[n + 1 :]) for n, cells in enumerate(rows)
    ]
    names: list[str] = []
    for index in range(width):
        parts: list[str] = []
        for cells in levels:
            cell = cells[index] if index < len(cells) else ""
            if cell and cell not in parts[-1:]:
                parts.append(cell)
        name = "_".join(parts) if len(parts) > 1 else _own(rows, index)
        names.append(name if len(name) <= limits.name_length or not parts else parts[-1])
    return names


def _own(rows: Sequence[Sequence[str]], index: int) -> str:
    """The one cell that names a column, as it is written."""
    return next(
        (row[index] for row in reversed(rows) if index < len(row) and row[index].strip()), ""
    )


def _spread(cells: list[str], below: Sequence[Sequence[str]]) -> list[str]:
    def has_name(index: int) -> bool:
        return any(index < len(row) and row[index].strip() for row in below)

    spread, heading = [], ""
    for index, cell in enumerate(cells):
        if cell:
            heading = cell if has_name(index) else ""
        spread.append(cell or (heading if has_name(index) else ""))
    width = max((len(row) for row in below), default=0)
    spread += [heading if has_name(n) else "" for n in range(len(cells), width)]
    return spread


def name_columns(
    originals: Sequence[str], limits: DecodeLimits
) -> tuple[tuple[Column, ...], tuple[Message, ...]]:
    """Unique, visible names for ``originals``, and a warning for each sort of change."""
    check_width(len(originals), limits)
    cleaned = [visible(name) for name in originals]
    for number, name in enumerate(cleaned, start=1):
        if len(name) > limits.name_length:
            raise _long_name(number, limits)
    taken = {name for name in cleaned if name}
    used: set[str] = set()
    columns: list[Column] = []
    blank: list[str] = []
    repeated: list[str] = []
    for number, (original, name) in enumerate(zip(originals, cleaned, strict=True), start=1):
        unique = name or f"column_{number}"
        copy = 1
        while unique in used or ((copy > 1 or not name) and unique in taken):
            copy += 1
            unique = f"{name or f'column_{number}'}_{copy}"
        used.add(unique)
        if not name:
            blank.append(unique)
        elif copy > 1:
            repeated.append(unique)
        columns.append(Column(unique, original.replace("\0", "")))
    warnings: list[Message] = []
    if blank:
        warnings.append(_("Columns without a name are called %(names)s.", names=_some(blank)))
    if repeated:
        warnings.append(
            _("Repeated column names were made unique: %(names)s.", names=_some(repeated))
        )
    return tuple(columns), tuple(warnings)


def visible(name: str) -> str:
    """``name`` in NFC on one line, without control, bidi and zero-width
    characters, without quotes left around it.
    """
    shown = "".join(
        " " if char in "\r\n\t" else char for char in unicodedata.normalize("NFC", name)
    )
    shown = "".join(
        char for char in shown if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    shown = " ".join(shown.split())
    if len(shown) > 1 and shown[0] == shown[-1] == '"':
        shown = shown[1:-1].strip()
    return shown


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" … ({len(names)})" if len(names) > 5 else "")


def check_width(width: int, limits: DecodeLimits) -> None:
    """Refuse a table of more columns than are taken."""
    if width > limits.columns:
        detail = _(
            "The table has %(count)s columns; at most %(limit)s are taken.",
            count=width,
            limit=limits.columns,
        )
        raise DecodeRefused("too_many_columns", detail)


def _long_name(number: int, limits: DecodeLimits) -> DecodeRefused:
    detail = _(
        "The name of column %(number)s is longer than %(limit)s characters.",
        number=number,
        limit=limits.name_length,
    )
    return DecodeRefused("column_name_length", detail)
