"""The list of lines as a file (CSV, XLSX and whatever the intake reads) or as pasted text: which
column is what, and each row as a line.

The bytes of a file are decoded in the limited child only; what comes back is text.
"""

import csv
import hashlib
import io
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from catalog.assignments.checks import Fault, LineList, repeated
from catalog.assignments.fields import FIELDS
from catalog.assignments.schemas.templates import LINES_LIMIT, LineWrite
from catalog.assignments.words import LineKind
from shuqiao.arrow.intake.readers import decode
from shuqiao.arrow.intake.uploads import look_at
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.uploads import Upload
from shuqiao.web.validation import field_errors

_FIX: Final = _("Download the sheet and use its heads.")
#: A whole number that a spreadsheet has written as a fraction.
_WHOLE: Final = re.compile(r"([0-9]+)\.0+")


def lines_in(upload: Upload) -> LineList:
    """Read the file of a list. Holds no connection.

    Raises ``Invalid`` naming a column that is missing, ``DecodeRefused``, ``DecodeTooLarge``.
    """
    found = look_at(upload)
    if found.row_count > LINES_LIMIT:
        raise Invalid(errors=[_too_long("/file")])
    with tempfile.TemporaryDirectory(prefix="shuqiao-lines-") as folder:
        target = Path(folder) / "lines.arrow"
        read = decode(upload.path, file_name=upload.file_name, options=found.options, target=target)
        names = _columns(read.schema.names, "/file")
        records = [
            record
            for batch in read.record_batches()
            for record in batch.select(list(names)).to_pylist()
        ]
    first_row = (found.options.header_row or 0) + 1
    return _lines(names, records, first_row, upload.sha256, "/file")


def lines_pasted(text: str) -> LineList:
    """The same of pasted text. Raises ``Invalid``."""
    head = text.partition("\n")[0]
    apart = "\t" if "\t" in head else "，" if "，" in head and "," not in head else ","
    table = [row for row in csv.reader(io.StringIO(text), delimiter=apart) if any(row)]
    if not table:
        raise Invalid(errors=[_empty("/text")])
    names = _columns(table[0], "/text")
    if len(table) > LINES_LIMIT + 1:
        raise Invalid(errors=[_too_long("/text")])
    records = [dict(zip(table[0], row, strict=False)) for row in table[1:]]
    return _lines(names, records, 2, hashlib.sha256(text.encode()).hexdigest(), "/text")


def _lines(
    names: Mapping[str, str],
    records: Iterable[Mapping[str, Any]],
    first_row: int,
    sha256: str,
    pointer: str,
) -> LineList:
    rows: list[tuple[int, LineWrite]] = []
    faults: list[Fault] = []
    for number, record in enumerate(records, start=first_row):
        said = {field: _clean(record.get(head)) for head, field in names.items()}
        if any(said.values()):
            row, wrong = _row(number, {name: text for name, text in said.items() if text})
            rows += [(number, row)] if row else []
            faults += wrong
    if not rows and not faults:
        raise Invalid(errors=[_empty(pointer)])
    return LineList(rows, [*faults, *repeated(rows)], sha256)


def _columns(heads: Sequence[str], pointer: str) -> dict[str, str]:
    """Head → field. Raises ``Invalid`` for one that is missing, or that is none."""
    known: dict[str, str] = {}
    for each in FIELDS:
        for word in (each.label.render("zh_CN"), each.label.render("en"), each.name, *each.also):
            known.setdefault(_folded(word), each.name)
    found: dict[str, str] = {}
    errors = []
    for place, head in enumerate(heads, start=1):
        field = known.get(_folded(head))
        if field is None and head.strip():
            detail: Message = _("Column %(number)s is not known", number=place)
            errors.append(FieldError(pointer, "column_unknown", detail, _FIX))
        elif field is not None and field not in found.values():
            found[head] = field
    for each in FIELDS:
        if each.is_required and each.name not in found.values():
            detail = _("The file has no column “%(name)s”", name=each.label)
            errors.append(FieldError(pointer, "column_missing", detail, _FIX))
    if errors:
        raise Invalid(errors=errors)
    return found


def _row(number: int, said: Mapping[str, str]) -> tuple[LineWrite | None, list[Fault]]:
    kind = said.get("kind", LineKind.ENTRY.value)
    shaped = {**said, "kind": _KINDS.get(_folded(kind), kind)}
    try:
        return LineWrite.model_validate(shaped, strict=False), []
    except ValidationError as error:
        wrong = field_errors(error.errors(include_url=False, include_input=False))
    return None, [
        Fault(number, each.pointer.split("/")[1], each.detail, each.fix) for each in wrong
    ]


def _clean(cell: object) -> str:
    text = "" if cell is None else str(cell).strip()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip("*")


def _empty(pointer: str) -> FieldError:
    fix = _("Fill the sheet in: a row a line.")
    return FieldError(pointer, "empty", _("The list has no lines"), fix)


def _too_long(pointer: str) -> FieldError:
    detail = _("A list has at most %(count)s lines", count=LINES_LIMIT)
    return FieldError(pointer, "too_long", detail, _("Draw up several templates."))


_KINDS: Final[Mapping[str, str]] = {
    _folded(word): each.value
    for each in LineKind
    for word in (each.value, each.label.render("zh_CN"), each.label.render("en"))
}
