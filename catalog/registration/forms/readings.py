"""How a file is read (读取方式), as pages ask for it and show it:
stated options, columns with the items they fill.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from catalog.attachments.checks import kinds_of
from catalog.attachments.schemas import SnapshotCreate
from catalog.resources.models import ResourceItem
from shuqiao.arrow.intake.options import ENCODINGS, ColumnPreview, Preview
from shuqiao.arrow.intake.proposals import kind_label
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form, FormInvalid, anchor

#: Separators by a word, since a tab typed into a form is a blank.
SEPARATORS: Final[Mapping[str, tuple[str, Message]]] = MappingProxyType(
    {
        "comma": (",", _("Comma")),
        "semicolon": (";", _("Semicolon")),
        "tab": ("\t", _("Tab")),
        "bar": ("|", _("Vertical bar")),
    }
)
_SEPARATOR_WORDS: Final = {sign: word for word, (sign, _label) in SEPARATORS.items()}
#: Encodings as people call them.
ENCODING_NAMES: Final[Mapping[str, str]] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "gb18030": "GB18030 / GBK",
    "cp950": "Big5",
    "cp949": "EUC-KR",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "windows-1252": "Windows-1252",
}
OPTIONS: Final = (
    *("encoding", "delimiter", "header_row", "sheet", "null_values"),
    *("header_rows", "skip_last", "skip_hidden_rows"),
)
_FIRST: Final = "first_"
#: Columns that are chosen by ticking them; ``columns_told`` says that they were asked for.
TICKED: Final = ("drop_columns", "fill_down")


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """One column of the file with the item that describes it (None: it
    is left out of the stored data).
    """

    number: int
    column: ColumnPreview
    item: ResourceItem | None
    proposed: Message
    #: (kind, words) to choose from; only one where the item's type leaves no choice.
    kinds: tuple[tuple[str, Message], ...]
    chosen: str

    @property
    def differs(self) -> bool:
        """Whether the values look like another kind than the item declares."""
        return self.item is not None and _base(self.column.proposed_type) != _base(self.chosen)


def encodings() -> list[tuple[str, str]]:
    return [(name, ENCODING_NAMES.get(name, name)) for name in ENCODINGS]


@dataclass(frozen=True, slots=True)
class ReadingShown:
    """One encoding to choose from, with the names and first values as it reads them."""

    encoding: str
    label: str
    names: tuple[str, ...]
    values: tuple[tuple[int, str], ...]


def to_choose(found: Preview) -> list[ReadingShown]:
    """The encodings between which the reader decides; none when that is no question."""
    return [
        ReadingShown(
            each.encoding, ENCODING_NAMES.get(each.encoding, each.encoding), each.names, each.values
        )
        for each in found.readings
    ]


def stated(form: Form, found: Preview | None = None) -> SnapshotCreate:
    """The way of reading that a form states; ``found`` gives the
    columns that its kinds are numbered by.

    Raises :class:`~shuqiao.web.forms.FormInvalid`.
    """
    values: dict[str, tuple[str, ...]] = {}
    for name in OPTIONS:
        if name in SnapshotCreate.model_fields and form.text(name).strip():
            values[name] = (form.text(name),)
    if "delimiter" in values:
        values["delimiter"] = (
            SEPARATORS.get(form.text("delimiter"), (form.text("delimiter"),))[0],
        )
    if "null_values" in values:
        words = form.text("null_values").replace("，", ",").replace("、", ",").split(",")
        values["null_values"] = tuple(word.strip() for word in words if word.strip())
    separator = values.pop("delimiter", None)
    body = Form(MappingProxyType(values)).parse(SnapshotCreate)
    changes: dict[str, Any] = {"types": _kinds(form, found)} if found else {}
    if separator:
        changes["delimiter"] = separator[0]
    if "skip_last" in form.values:  # a cleared field takes back what was left out
        changes["skip_last"] = body.skip_last or 0
    if form.text("columns_told"):
        changes |= {name: list(form.all(name)) for name in TICKED}
        changes["skip_hidden_rows"] = bool(form.text("skip_hidden_rows"))
    return body.model_copy(update=changes)


def first_stated(form: Form) -> SnapshotCreate:
    """The way of reading stated beside a file that nobody looked at yet, in fields of their own
    names: the page may show both forms.

    Raises :class:`~shuqiao.web.forms.FormInvalid`.
    """
    plain = {
        name.removeprefix(_FIRST): texts
        for name, texts in form.values.items()
        if name.startswith(_FIRST)
    }
    try:
        return stated(Form(MappingProxyType(plain)))
    except FormInvalid as invalid:
        errors = tuple(
            replace(error, name=_FIRST + error.name, anchor=anchor(_FIRST + error.name))
            for error in invalid.form.errors
        )
        raise FormInvalid(replace(form, errors=errors), invalid.status) from None


def stated_fields(found: Preview) -> dict[str, str]:
    """The way ``found`` was read, as the hidden fields that ask for the same way again."""
    options = found.options
    values = {
        "encoding": options.encoding or "",
        "delimiter": _SEPARATOR_WORDS.get(options.delimiter or "", ""),
        "header_row": "" if options.header_row is None else str(options.header_row),
        "sheet": getattr(options, "sheet", None) or "",
        "null_values": ",".join(options.null_values),
        "header_rows": str(options.header_rows or ""),
        "skip_last": str(options.skip_last or ""),
        "skip_hidden_rows": "true" if options.skip_hidden_rows else "",
    }
    return {name: value for name, value in values.items() if value}


def all_columns(found: Preview) -> list[tuple[str, str]]:
    """The columns to tick, those left out included."""
    names = [column.name for column in found.columns]
    left_out = [name for name in found.options.drop_columns or () if name not in names]
    return [(name, name) for name in (*names, *left_out)]


def ticked_fields(found: Preview) -> dict[str, tuple[str, ...]]:
    """The columns ticked in the way ``found`` was read."""
    return {
        "drop_columns": tuple(found.options.drop_columns or ()),
        "fill_down": found.options.fill_down,
    }


def facts(found: Preview) -> list[tuple[Message, Any]]:
    """How the file was read, in words."""
    options = found.options
    said: list[tuple[Message, Any]] = [(_("Kind of file"), found.kind.upper())]
    if getattr(options, "sheet", None):
        said.append((_("Sheet"), options.sheet))
    if options.encoding:
        said.append((_("Encoding"), ENCODING_NAMES.get(options.encoding, options.encoding)))
    if options.delimiter:
        said.append(
            (_("Separator"), SEPARATORS[_SEPARATOR_WORDS.get(options.delimiter, "comma")][1])
        )
    if options.header_row is not None:
        said.append((_("Header row"), options.header_row or _("none")))
    return said


def columns_shown(found: Preview, items: Sequence[ResourceItem], form: Form) -> list[ColumnShown]:
    """The columns of the file, each with its item and the kind it will be read as."""
    by_column = {item.column_name: item for item in items}
    is_typed = bool(getattr(found, "is_typed", found.kind != "csv"))
    return [
        _shown(number, column, by_column.get(column.name), form, is_typed=is_typed)
        for number, column in enumerate(found.columns)
    ]


def without_column(found: Preview, items: Sequence[ResourceItem]) -> list[ResourceItem]:
    """Items whose column the file does not have."""
    names = {column.name for column in found.columns}
    return [item for item in items if item.column_name not in names]


def _shown(
    number: int, column: ColumnPreview, item: ResourceItem | None, form: Form, *, is_typed: bool
) -> ColumnShown:
    proposed = column.proposed_type
    if item is None:
        return ColumnShown(number, column, None, kind_label(proposed), (), proposed)
    allowed = [kind.value for kind in kinds_of(item.data_type)]
    kinds = [proposed if _base(proposed) == kind else kind for kind in allowed]
    usual = proposed if is_typed or proposed in kinds else kinds[0]
    chosen = form.text(f"kind-{number}") or usual
    return ColumnShown(
        number,
        column,
        item,
        kind_label(proposed),
        tuple((kind, kind_label(kind)) for kind in kinds),
        chosen,
    )


def _kinds(form: Form, found: Preview) -> dict[str, str]:
    """Kinds that were chosen where there was a choice."""
    chosen = {
        column.name: form.text(f"kind-{number}") for number, column in enumerate(found.columns)
    }
    return {name: kind for name, kind in chosen.items() if kind}


def _base(kind: str) -> str:
    return kind.partition("(")[0]
