"""The file of a list (CSV, XLSX, JSON and whatever the intake reads): which column is what.

Its bytes are decoded in the limited child only; what comes back is text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from catalog.domains.checks import SHAPE, Findings, examine
from catalog.domains.schemas import EditionWrite
from shuqiao.arrow.intake.readers import decode
from shuqiao.arrow.intake.uploads import look_at
from shuqiao.codes.columns.moments import date_faults_of
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.scratch import scratch
from shuqiao.uploads import Upload

#: More codes than the longest list of the country has.
CODES_LIMIT: Final = 200_000
#: What the columns of a list are usually called.
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "code_column": ("code", "代码", "编码", "行政区划代码", "字母代码"),
    "label_column": ("label", "name", "名称", "含义", "代码名称"),
    "parent_column": ("parent", "parent_code", "上级代码", "父代码"),
    "from_column": ("valid_from", "启用日期"),
    "until_column": ("valid_until", "停用日期"),
    "revoked_column": ("revoked", "is_revoked", "已废止"),
}
_REQUIRED: Final = ("code_column", "label_column")
_YES: Final = ("1", "true", "yes", "y", "t", "是")


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list as it was sent, with all that is wrong with it."""

    listed: pa.Table
    findings: Findings
    sha256: str


def read_list(upload: Upload, edition: EditionWrite) -> ListFile:
    """Read the file of a list. Holds no connection.

    Raises ``Invalid`` naming the column that is missing, ``DecodeRefused``, ``DecodeTooLarge``.
    """
    found = look_at(upload)
    if found.row_count > CODES_LIMIT:
        detail = _("A list has at most %(count)s codes", count=CODES_LIMIT)
        raise Invalid(errors=[FieldError("/file", "too_long", detail, _FIX)])
    with scratch() as folder:
        read = decode(
            upload.path,
            file_name=upload.file_name,
            options=found.options,
            target=folder / "list.arrow",
        )
        names = _columns(read.schema.names, edition)
        kept = [batch.select(list(names.values())) for batch in read.record_batches()]
        table = pa.Table.from_batches(
            kept, pa.schema([read.schema.field(n) for n in names.values()])
        )
        texts = {place: _texts(table[name]) for place, name in names.items()}
    whole, bad_dates = _shaped(texts)
    first_row = (found.options.header_row or 0) + 1
    findings = examine(whole, first_row=first_row, bad_dates=bad_dates)
    return ListFile(whole, findings, upload.sha256)


_FIX: Final = _("Name the columns of the code and of its label, or call them 代码 and 名称.")


def _columns(names: Sequence[str], edition: EditionWrite) -> dict[str, str]:
    """Which column of the file is what. Raises ``Invalid`` naming those that are not there."""
    known = {name.strip().casefold(): name for name in reversed(names)}
    found, errors = {}, []
    for place, usual in _NAMES.items():
        stated = str(getattr(edition, place))
        words = (stated,) if stated else usual
        name = next((known[w.casefold()] for w in words if w.casefold() in known), None)
        if name is not None:
            found[place] = name
        elif stated or place in _REQUIRED:
            detail = _("The file has no such column")
            errors.append(FieldError(f"/{place}", "column_missing", detail, _FIX))
    if errors:
        raise Invalid(errors=errors)
    return found


def _texts(column: pa.ChunkedArray) -> pa.StringArray:
    """Trimmed, in the composed form of Unicode; no value is an empty text."""
    texts = column.combine_chunks().cast(pa.string()).fill_null("")
    return pc.utf8_trim_whitespace(pc.utf8_normalize(texts, "NFC"))


def _shaped(texts: Mapping[str, pa.StringArray]) -> tuple[pa.Table, list[int]]:
    """The list, and the places of dates that are none."""
    rows = len(texts["code_column"])
    empty = pa.array([""] * rows, pa.string())
    bad: set[int] = set()
    dates = []
    for place in ("from_column", "until_column"):
        told = texts.get(place, empty)
        given = pc.if_else(pc.equal(told, ""), None, told)
        wrong = np.asarray(date_faults_of(given).fill_null(0)) != 0
        bad.update(map(int, np.flatnonzero(wrong)))
        dates.append(pc.if_else(pa.array(wrong), None, given).cast(pa.date32()))
    revoked = pc.is_in(pc.utf8_lower(texts.get("revoked_column", empty)), pa.array(_YES))
    columns = [texts["code_column"], texts["label_column"], texts.get("parent_column", empty)]
    return pa.Table.from_arrays([*columns, *dates, revoked], schema=SHAPE), sorted(bad)
