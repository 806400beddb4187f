"""The grid of information items (信息项表格): rows as typed, what its
buttons do, and filling it from columns.

A row is a mapping of the fields of ``ItemWrite`` to texts. Everything here works on texts, so that
a half-filled grid can be kept, changed and shown again; being right is asked when it is saved.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from catalog.elements.schemas import ElementRead
from catalog.elements.words import DataType
from catalog.resources.fields.items import ITEM_FIELDS
from catalog.resources.fields.origin import BELONGS
from catalog.resources.schemas import ITEM_LIMIT, ItemRead, ResourceRead
from catalog.resources.words import OriginKind
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form

Row = Mapping[str, str]

#: The columns of the grid, in its order: field → what it is called.
COLUMNS: Final[Mapping[str, Message]] = {each.name: each.label for each in ITEM_FIELDS}
#: What a row is made of: the columns, of one that is told in parts each part: field → its column.
FIELDS: Final[Mapping[str, str]] = {
    name: each.name
    for each in ITEM_FIELDS
    for name in ([f"{each.name}.{part}" for part in each.parts] or [each.name])
}
#: Goes along unseen: the item stays the same one when it is renamed.
ID: Final = "id"
_FIELD: Final = re.compile(r"items\.([0-9]{1,5})\.([a-z_]+(?:\.[a-z_]+)?)")
BASIS_PARTS: Final = next(each.parts for each in ITEM_FIELDS if each.name == "withholding")
ORIGIN_PARTS: Final = next(each.parts for each in ITEM_FIELDS if each.name == "origin")
LINEAGE: Final = re.compile(r"items\.[0-9]{1,5}\.origin\.lineage")
_ACT: Final = re.compile(r"(up|down|delete)\.([0-9]{1,5})")
#: Data type of the cataloguing guide by the kind proposed for a column
#: (``shuqiao.arrow.proposals.Kind``).
_TYPES: Final[Mapping[str, DataType]] = {
    "string": DataType.TEXT,
    "integer": DataType.INTEGER,
    "decimal": DataType.NUMBER,
    "float": DataType.DOUBLE,
    "boolean": DataType.LOGICAL,
    "date": DataType.DATE,
    "datetime": DataType.DATETIME,
}


def is_cell(name: str) -> bool:
    """Whether the field of a form belongs to a row of the grid."""
    return _FIELD.fullmatch(name) is not None


def rows_of(form: Form) -> list[dict[str, str]]:
    """The rows as typed, in the order of their numbers."""
    found: dict[int, dict[str, str]] = {}
    for name, texts in form.values.items():
        match = _FIELD.fullmatch(name)
        if match and (match[2] in FIELDS or match[2] == ID) and texts:
            found.setdefault(int(match[1]), {})[match[2]] = texts[-1]
    return [found[number] for number in sorted(found)]


def rows_of_entry(entry: ResourceRead) -> list[dict[str, str]]:
    """The rows as saved; what an item takes from the resource stays
    empty, so that it goes on following it.
    """
    return [
        {
            ID: str(item.id),
            "name": item.name,
            "column_name": item.column_name,
            "data_type": item.data_type.value,
            "element": item.element or "",
            "is_personal": "true" if item.is_personal else "",
            "is_key": "true" if item.is_key else "",
            "share_type": "" if item.share_type is entry.share_type else item.share_type.value,
            "security_level": ""
            if item.security_level in (None, entry.security_level)
            else item.security_level.value,
            "description": item.description,
            **_basis(item),
            **_origin(item),
        }
        for item in entry.items
    ]


def _basis(item: ItemRead) -> dict[str, str]:
    stated = item.withholding
    if stated is None:
        return {}
    told = stated.model_dump(mode="json", exclude_none=True)
    return {f"withholding.{name}": value for name, value in told.items()}


def _origin(item: ItemRead) -> dict[str, str]:
    said = item.origin
    if said is None:
        return {}
    told = said.model_dump(mode="json", exclude_defaults=True, exclude={"department_name"})
    return {
        f"origin.{name}": "、".join(value) if isinstance(value, list) else value
        for name, value in told.items()
    }


def fields_of(rows: Sequence[Row]) -> dict[str, tuple[str, ...]]:
    """The rows as the fields of a form, numbered from 0; empty cells
    are left out, but no row is lost.
    """
    fields: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(rows):
        fields[f"items.{number}.name"] = (row.get("name", ""),)
        fields |= {
            f"items.{number}.{field}": (text,)
            for field, text in row.items()
            if text and field != "name"
        }
    return fields


def is_blank(row: Row) -> bool:
    """Whether nothing was typed into the row; a data type that is only preset counts as nothing."""
    return not any(text.strip() for field, text in row.items() if field not in ("data_type", ID))


def acted(rows: Sequence[Row], act: str) -> tuple[list[Row], int]:
    """What a button of the grid does (``add``, ``up.3``, ``down.3``,
    ``delete.3``); also the row to go on with.
    """
    changed = list(rows)
    if act == "add":
        return (
            ([*changed, {}], len(changed))
            if len(changed) < ITEM_LIMIT
            else (changed, len(changed) - 1)
        )
    match = _ACT.fullmatch(act)
    if match is None or int(match[2]) >= len(changed):
        return changed, 0
    place = int(match[2])
    if match[1] == "delete":
        del changed[place]
        return changed, min(place, max(len(changed) - 1, 0))
    other = place + (-1 if match[1] == "up" else 1)
    if 0 <= other < len(changed):
        changed[place], changed[other] = changed[other], changed[place]
        return changed, other
    return changed, place


def with_columns(
    rows: Sequence[Row],
    columns: Sequence[tuple[str, str]],
    personal: Collection[str] = frozenset(),
) -> list[Row]:
    """The rows and, behind them, one for every column (name, proposed
    kind) that no row describes yet.

    The item is called like its column and gets the data type of the proposed kind; blank rows are
    dropped; those of ``personal`` information are marked so, for the clerk to take back. Whatever
    reads columns, a file or a database, goes through this.
    """
    kept = [row for row in rows if not is_blank(row)]
    described = {row.get("column_name", "").strip() for row in kept}
    added = [
        {"name": name, "column_name": name, "data_type": data_type(kind).value}
        | ({"is_personal": "true"} if name in personal else {})
        for name, kind in columns
        if name not in described
    ]
    return [*kept, *added][:ITEM_LIMIT]


def data_type(kind: str) -> DataType:
    """The guide's data type for a proposed kind: ``decimal(22,2)`` → numeric."""
    return _TYPES.get(kind.partition("(")[0], DataType.TEXT)


def settled(rows: Sequence[Row], elements: Sequence[ElementRead]) -> list[Row]:
    """Rows to be saved: without blank ones, elements named by their identifier, and a type where
    the element has one.

    A clerk may write an element's name; a name that means none, or several, stays as typed and is
    refused later. Of an origin only what belongs to the chosen kind is taken.
    """
    by_identifier = {each.identifier: each for each in elements}
    by_name: dict[str, list[ElementRead]] = {}
    for each in elements:
        by_name.setdefault(_folded(each.name), []).append(each)
    found: list[Row] = []
    for row in map(_with_origin, rows):
        if is_blank(row):
            continue
        typed = unicodedata.normalize("NFKC", row.get("element", "")).strip()
        named = by_identifier.get(typed.partition(" ")[0].upper())
        if named is None and len(by_name.get(_folded(typed), ())) == 1:
            named = by_name[_folded(typed)][0]
        if named is None:
            found.append(row)
            continue
        kind = row.get("data_type") or named.data_type.value
        found.append({**row, "element": named.identifier, "data_type": kind})
    return found


def _with_origin(row: Row) -> Row:
    """The row with the origin that was chosen; a department that was picked with its name is its
    code.
    """
    kind = row.get("origin.kind", "")
    if kind not in list(OriginKind):
        return row
    belongs = {"kind", *BELONGS[OriginKind(kind)]}
    kept = {
        name: text
        for name, text in row.items()
        if name.partition(".")[0] != "origin" or name.partition(".")[2] in belongs
    }
    if department := kept.get("origin.department", "").split():
        kept["origin.department"] = department[0].upper()
    return kept


def cell_labels(form: Form) -> dict[str, Message]:
    """What the error summary calls each cell that is wrong: 第 3 行“学校代码”数据列."""
    labels: dict[str, Message] = {"items": _("Information items")}
    for error in form.errors:
        match = re.fullmatch(r"items\.([0-9]{1,5})(?:\.([a-z_.]+?)(?:\.[0-9]+)?)?", error.name)
        if match is None:
            continue
        column = FIELDS.get(match[2] or "", match[2] or "name")
        row, field = int(match[1]) + 1, COLUMNS.get(column, COLUMNS["name"])
        name = form.text(f"items.{match[1]}.name").strip()
        labels[error.name] = (
            _("Row %(row)s “%(name)s”, %(field)s", row=row, name=name, field=field)
            if name
            else _("Row %(row)s, %(field)s", row=row, field=field)
        )
    return labels


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
