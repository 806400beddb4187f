"""A list that comes back as a file: its rows by the columns of the list, decoded in the child."""

from collections.abc import Mapping, Sequence
from typing import Final

import pyarrow as pa

from catalog.lists.fields import COLUMNS
from catalog.lists.words import ListKind
from shuqiao.arrow.intake.options import ReadOptions
from shuqiao.arrow.intake.readers import decode, preview
from shuqiao.arrow.intake.uploads import look_at
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.scratch import scratch
from shuqiao.uploads import Upload

#: More rows than a list is ever edited by hand.
ROWS_LIMIT: Final = 20_000
#: Number of the row in the file, and its texts by column.
Row = tuple[int, Mapping[str, str]]


def rows_in(upload: Upload, kind: ListKind) -> Sequence[Row]:
    """The rows of a returned sheet. Holds no connection.

    Raises ``Invalid`` naming what is missing, ``DecodeRefused`` or ``DecodeTooLarge``.
    """
    found = look_at(upload)
    sheets = {each.name for each in found.sheets}
    titles = {str(kind.label), kind.label.render("en"), kind.label.render("zh_CN")}
    options = found.options
    for title in titles & sheets:
        if title != options.sheet:
            stated = ReadOptions(sheet=title)
            found = preview(upload.path, file_name=upload.file_name, options=stated)
            options = found.options
    if (found.row_count or 0) > ROWS_LIMIT:
        raise _wrong(_("A sheet has at most %(count)s rows", count=ROWS_LIMIT))
    heads = {each.name: each.original_name or each.name for each in found.columns}
    with scratch() as folder:
        target = folder / "sheet.arrow"
        read = decode(upload.path, file_name=upload.file_name, options=options, target=target)
        places = _places(read.schema.names, heads, kind)
        first = (options.header_row or 0) + 1
        rows: list[Row] = []
        for batch in read.record_batches():
            texts = {
                name: batch.column(place).cast(pa.string()).to_pylist()
                for name, place in places.items()
            }
            for index in range(batch.num_rows):
                said = {name: (values[index] or "").strip() for name, values in texts.items()}
                rows.append((first + len(rows), said))
    return rows


def _places(names: Sequence[str], heads: Mapping[str, str], kind: ListKind) -> Mapping[str, int]:
    """Where each column of the list stands in the file. Raises ``Invalid``."""
    known = {}
    for each in COLUMNS[kind]:
        spelt = {each.label.render("zh_CN"), each.label.render("en")}
        for place, name in enumerate(names):
            if heads.get(name, name).strip() in spelt:
                known[each.name] = place
    if "code" not in known or "items" not in known:
        raise _wrong(_("The sheet has no column of codes, or none of items"))
    return known


def _wrong(detail: Message) -> Invalid:
    fix = _("Send back the file that was downloaded here, with the heads of its columns.")
    return Invalid(errors=[FieldError("/file", "not_the_list", detail, fix)])
