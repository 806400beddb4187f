"""Which column types fit the information items they are to fill."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from catalog.attachments.models import Attachment
from catalog.attachments.schemas import SnapshotCreate
from catalog.elements.words import DataType
from catalog.resources.models import ResourceItem
from shuqiao.arrow.intake.options import Preview
from shuqiao.arrow.intake.proposals import GUIDE_TYPES, Kind
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _

#: Kinds an item of each data type may be read as; the first is taken
#: when the file proposes none of them.
_KINDS: Final[dict[DataType, tuple[Kind, ...]]] = {
    letter: (Kind(GUIDE_TYPES[letter.value]),) for letter in DataType
} | {
    DataType.NUMBER: (Kind.DECIMAL, Kind.INTEGER, Kind.FLOAT),
    DataType.MONEY: (Kind.DECIMAL, Kind.INTEGER),
    DataType.DOUBLE: (Kind.FLOAT,),
    DataType.FLOAT: (Kind.FLOAT,),
}


def kinds_of(data_type: DataType) -> tuple[Kind, ...]:
    """The kinds an item of this data type may be read as, the usual one first."""
    return _KINDS[data_type]


def stored_kinds(row: Attachment) -> dict[str, str]:
    """Column → the kind it is stored as, or read live as; of data that is confirmed."""
    options = row.options or {}
    types, left_out = options.get("types") or {}, set(options.get("drop_columns") or ())
    names = [column["name"] for column in row.preview["columns"]]
    return {name: types.get(name, Kind.STRING.value) for name in names if name not in left_out}


def fits(data_type: DataType, kind: str) -> bool:
    """Whether an item of this data type can be delivered from a column of ``kind``."""
    return _base(kind) in _KINDS[data_type]


def types_of(kind: str) -> list[DataType]:
    """The data types that an item of a column of ``kind`` may have."""
    return [letter for letter in DataType if fits(letter, kind)]


def _types(
    items: Sequence[ResourceItem],
    found: Preview,
    body: SnapshotCreate,
    kept: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """The kind of every described column that shall not stay text. ``kept``: those that columns
    were read as before, which a table without types of its own goes on with.

    Raises ``Invalid`` naming what does not fit.
    """
    proposed = {column.name: column.proposed_type for column in found.columns}
    unknown = [name for name in body.types if name not in {item.column_name for item in items}]
    errors = [_unknown_column(name) for name in unknown]
    types: dict[str, str] = {}
    for item in items:
        if item.column_name not in proposed:
            errors.append(_no_column(item, proposed))
            continue
        kind = _kind(
            item,
            proposed[item.column_name],
            body.types.get(item.column_name)
            or (None if found.is_typed else kept.get(item.column_name)),
            is_typed=found.is_typed,
        )
        if kind is None:
            errors.append(_other_kind(item, item.column_name in body.types))
        elif kind != Kind.STRING:
            types[item.column_name] = kind
    if not items:
        fix = _("Describe the information items first.")
        errors.append(FieldError("/items", "missing", _("No item is described yet"), fix))
    if errors:
        raise Invalid(errors=errors)
    return types


def _kind(item: ResourceItem, proposed: str, stated: str | None, *, is_typed: bool) -> str | None:
    """The kind to read a column as, None when it contradicts the item's data type.

    A typed file keeps its own types.
    """
    allowed = _KINDS[item.data_type]
    if stated is not None or is_typed:
        chosen = stated or proposed
        return chosen if _base(chosen) in allowed else None
    return proposed if _base(proposed) in allowed else allowed[0].value


def _base(kind: str) -> str:
    return kind.partition("(")[0]


def _no_column(item: ResourceItem, proposed: Mapping[str, str]) -> FieldError:
    detail = _(
        "The file has no column “%(column)s”; it has: %(columns)s",
        column=item.column_name,
        columns="、".join(list(proposed)[:50]),
    )
    fix = _("Correct the column name of the item, or attach the right file.")
    return FieldError(f"/items/{item.position}/column_name", "no_such_column", detail, fix)


def _unknown_column(name: str) -> FieldError:
    pointer = "/types/" + name.replace("~", "~0").replace("/", "~1")
    return FieldError(
        pointer, "no_such_item", _("No item describes this column"), _("Leave it out.")
    )


def _other_kind(item: ResourceItem, is_stated: bool) -> FieldError:
    name = item.column_name.replace("~", "~0").replace("/", "~1")
    pointer = f"/types/{name}" if is_stated else f"/items/{item.position}/data_type"
    detail = _(
        "The item “%(item)s” is declared as %(type)s", item=item.name, type=item.data_type.label
    )
    return FieldError(
        pointer,
        "other_kind",
        detail,
        _("Correct the data type of the item or the kind of the column."),
    )
