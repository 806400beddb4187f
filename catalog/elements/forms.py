"""The file of a list of elements (CSV, XLSX and whatever the intake reads): which column is what,
and each row as what an element says.

Its bytes are decoded in the limited child only; what comes back is text.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from catalog.elements.checks import ElementList, Fault, faults
from catalog.elements.fields import FIELDS, ElementField
from catalog.elements.schemas import ElementRow
from shuqiao.arrow.intake.readers import decode
from shuqiao.arrow.intake.uploads import look_at
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.scratch import scratch
from shuqiao.uploads import Upload
from shuqiao.web.validation import field_errors
from shuqiao.words import Word

#: Longer than any standard's list of data elements.
ROWS_LIMIT: Final = 20_000
#: What people put between several names.
_BETWEEN: Final = re.compile("[,，、;；\n]+")
_IDENTIFIER: Final = ("标识", "标识符", "数据元标识符", "identifier")
#: Columns of an export that say nothing about what an element is.
_LEFT_OUT: Final = frozenset({"状态", "发布时间", "state", "adopted"})
_FIX: Final = _("Download the template and use its columns.")


def read_elements(upload: Upload) -> ElementList:
    """Read the file of a list. Holds no connection.

    Raises ``Invalid`` naming a column that is missing, ``DecodeRefused``, ``DecodeTooLarge``.
    """
    found = look_at(upload)
    if found.row_count > ROWS_LIMIT:
        detail = _("A list has at most %(count)s elements", count=ROWS_LIMIT)
        raise Invalid(errors=[FieldError("/file", "too_long", detail, _("Send it in parts."))])
    with scratch() as folder:
        read = decode(
            upload.path,
            file_name=upload.file_name,
            options=found.options,
            target=folder / "list.arrow",
        )
        names = _columns(read.schema.names)
        records = [
            record
            for batch in read.record_batches()
            for record in batch.select(list(names)).to_pylist()
        ]
    first_row = (found.options.header_row or 0) + 1
    rows: list[tuple[int, ElementRow]] = []
    found_faults: list[Fault] = []
    for number, record in enumerate(records, start=first_row):
        said = {field: _clean(record[column]) for column, field in names.items()}
        if any(said.values()):
            row, wrong = _row(number, said)
            rows += [(number, row)] if row else []
            found_faults += wrong
    return ElementList(rows, found_faults, upload.sha256)


def _columns(heads: Sequence[str]) -> dict[str, str]:
    """Head of the file → field. Raises ``Invalid`` for one that is missing, or that is none."""
    known = {_folded(name): "identifier" for name in _IDENTIFIER}
    for each in FIELDS:
        words = (each.label.render("zh_CN"), each.label.render("en"), each.name, *each.also)
        known |= {_folded(word): each.name for word in words}
    found: dict[str, str] = {}
    errors = []
    for place, head in enumerate(heads, start=1):
        field = known.get(_folded(head))
        if field is None and _folded(head) not in _LEFT_OUT:
            detail = _("Column %(number)s is not known", number=place)
            errors.append(FieldError(f"/columns/{place}", "column_unknown", detail, _FIX))
        elif field is not None and field not in found.values():
            found[head] = field
    for each in FIELDS:
        if each.is_required and each.name not in found.values():
            detail = _("The file has no column “%(name)s”", name=each.label)
            errors.append(FieldError(f"/{each.name}", "column_missing", detail, _FIX))
    if errors:
        raise Invalid(errors=errors)
    return found


def _row(number: int, said: Mapping[str, str]) -> tuple[ElementRow | None, list[Fault]]:
    values = {name: text for name, text in said.items() if text}
    shaped = {name: _shaped(name, text) for name, text in values.items()}
    try:
        row = ElementRow.model_validate(shaped, strict=False)
        wrong = faults(row)
    except ValidationError as error:
        row = None
        wrong = field_errors(error.errors(include_url=False, include_input=False))
    return row, [Fault(number, each.pointer.split("/")[1], each.detail, each.fix) for each in wrong]


def _shaped(name: str, text: str) -> Any:
    field = _FIELDS.get(name)
    if field is None:
        return text
    if field.name == "synonyms":
        return [each.strip() for each in _BETWEEN.split(text) if each.strip()]
    if field.kind is not None:
        return _words(field.kind).get(_folded(text), text)
    if field.asked == "number":
        return re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", text))
    return text


def _words(kind: type[Word]) -> Mapping[str, str]:
    """What a choice may be written as: its code, or what it is called, with or without what stands
    in brackets.
    """
    found: dict[str, str] = {}
    for each in kind:
        for label in (each.label.render("zh_CN"), each.label.render("en")):
            plain = re.sub(r"[（(].*[)）]$", "", label)
            bare = label.removesuffix(each.value)  # 字符型C is 字符型 too
            found |= {_folded(word): each.value for word in (label, plain, bare)}
        found[_folded(each.value)] = each.value
    return found


_FIELDS: Final[Mapping[str, ElementField]] = {each.name: each for each in FIELDS}


def _clean(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip("*")
