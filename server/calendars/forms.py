"""The file of a notice (CSV or XLSX): columns date, kind (休 or 班) and name.

Its bytes are decoded in the limited child only; what comes back is text.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from server.calendars.words import DayKind
from shuqiao.arrow.intake.readers import decode
from shuqiao.arrow.intake.uploads import look_at
from shuqiao.desk.calendar import CalendarDay
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.uploads import Upload

#: What each column may be called.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "date": ("date", "日期"),
    "kind": ("kind", "类型"),
    "name": ("name", "名称"),
}
_KINDS: Final = {word: kind for kind in DayKind for word in (kind.mark, kind.value)}
_DATE: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?"
)
_LONGEST: Final = 200
_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """The days of a file, with the line of each."""

    days: tuple[CalendarDay, ...]
    lines: tuple[int, ...]
    sha256: str


def read_file(upload: Upload) -> NoticeFile:
    """Read the file of a notice. Holds no connection.

    Raises ``Invalid`` naming each bad line, ``DecodeRefused``, ``DecodeTooLarge``.
    """
    found = look_at(upload)
    if found.row_count > _LONGEST:
        raise Invalid(errors=[_wrong("too_long", _("A notice names at most 200 days"))])
    with tempfile.TemporaryDirectory(prefix="shuqiao-notice-") as folder:
        read = decode(
            upload.path,
            file_name=upload.file_name,
            options=found.options,
            target=Path(folder) / "notice.arrow",
        )
        rows = [row for batch in read.record_batches() for row in batch.to_pylist()]
    columns = _columns(read.schema.names)
    first = (found.options.header_row or 1) + 1
    errors: list[FieldError] = []
    days = [
        day
        for line, row in enumerate(rows, first)
        if (day := _day(line, row, columns, errors)) is not None
    ]
    if errors:
        raise Invalid(errors=errors)
    return NoticeFile(tuple(days), tuple(range(first, first + len(days))), upload.sha256)


def _columns(names: Sequence[str]) -> Mapping[str, str]:
    """The file's name of each column. Raises ``Invalid`` naming those that are missing."""
    known = {name.strip().casefold(): name for name in names}
    found = {
        column: known[word] for column, words in _NAMES.items() for word in words if word in known
    }
    missing = [words[1] for column, words in _NAMES.items() if column not in found]
    if missing:
        detail = _("The file has no column %(names)s", names="、".join(missing))
        raise Invalid(errors=[_wrong("column_missing", detail)])
    return found


def _day(
    line: int, row: Mapping[str, Any], columns: Mapping[str, str], errors: list[FieldError]
) -> CalendarDay | None:
    told = {column: str(row[name] or "").strip() for column, name in columns.items()}
    found = list(_faults(told))
    errors += [
        _wrong("bad_line", _("Line %(line)s: %(what)s", line=line, what=each)) for each in found
    ]
    day = _date(told["date"])
    if found or day is None:
        return None
    return CalendarDay(day, _KINDS[told["kind"]] is DayKind.WORK, told["name"])


def _faults(told: Mapping[str, str]) -> Iterator[Message]:
    if _date(told["date"]) is None:
        yield _("the date is none; write it as 2026-01-01")
    if told["kind"] not in _KINDS:
        yield _("the kind is neither 休 nor 班")
    if not 0 < len(told["name"]) <= _LONGEST_NAME:
        yield _("the name of the holiday is missing or longer than 60 characters")


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _wrong(code: str, detail: Message) -> FieldError:
    fix = _("Correct the file – columns 日期, 类型 (休 or 班), 名称 – and send it again.")
    return FieldError("/file", code, detail, fix)
