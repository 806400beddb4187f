"""What changed between two states of a catalogue entry, field by field
and item by item, in the reader's words.

Pure: takes entries as they are kept (``ResourceRead`` or ``CatalogEntry`` as JSON), asks nobody.
The reviewer reads it beside an entry, everybody in the history of versions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from catalog.elements.words import DataType
from catalog.resources.fields.field import Field, as_list, as_text, as_word
from catalog.resources.fields.table import FIELDS, ITEM_FIELDS
from catalog.resources.words import SecurityLevel
from shuqiao.i18n import Message, _

Entry = Mapping[str, Any]


class ChangeKind(StrEnum):
    """What became of a field or an item."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def label(self) -> Message:
        return _KINDS[self]


_KINDS: Final = {
    ChangeKind.ADDED: _("Added"),
    ChangeKind.REMOVED: _("Removed"),
    ChangeKind.CHANGED: _("Changed"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``item``: name of the information item it is about, "" for the entry itself.

    ``before`` and ``after`` are texts in the reader's language; the one that does not apply is "".
    """

    kind: ChangeKind
    field: Message
    before: str = ""
    after: str = ""
    item: str = ""


def changes(before: Entry | None, after: Entry) -> list[Change]:
    """Every difference between two states of one entry, in the order of
    the form; None before: all of it is new.
    """
    earlier = before or {}
    items = _items(earlier.get("items") or (), after.get("items") or ())
    return [*_differences(_FIELDS, earlier, after), *items]


def in_a_line(found: Sequence[Change]) -> str:
    """``found`` as one line for lists: how many fields, how many items."""
    items = {
        kind: {
            each.item for each in found if each.item and each.field is _ITEM and each.kind is kind
        }
        for kind in (ChangeKind.ADDED, ChangeKind.REMOVED)
    }
    whole = items[ChangeKind.ADDED] | items[ChangeKind.REMOVED]
    counts = (
        (sum(not each.item for each in found), _FIELDS_CHANGED),
        (len(items[ChangeKind.ADDED]), _ITEMS_ADDED),
        (len(items[ChangeKind.REMOVED]), _ITEMS_REMOVED),
        (
            len({each.item for each in found if each.item and each.item not in whole}),
            _ITEMS_CHANGED,
        ),
    )
    parts = [str(_(words.msgid, count=number)) for number, words in counts if number]
    return str(_("; ")).join(parts) or str(_("Nothing changed"))


_FIELDS_CHANGED: Final = _("fields changed: %(count)s")
_ITEMS_ADDED: Final = _("items added: %(count)s")
_ITEMS_REMOVED: Final = _("items removed: %(count)s")
_ITEMS_CHANGED: Final = _("items changed: %(count)s")
_ITEM: Final = _("Information item")


#: What an entry says beside its items, in the order in which it is asked for.
_FIELDS: Final = [each for each in FIELDS if each.name != "items"]
#: Members of a kept entry that say nothing about the data: identity,
#: state and numbers of the record itself.
BOOKKEEPING: Final = frozenset(
    {
        "code",
        "class_code",
        "status",
        "review_step",
        "version",
        "published_version",
        "published_at",
        "updated_at",
        "latest_version",
        "resource_id",
        "items",
        "id",
        "position",
    }
)
#: What each member is called; of an item's members where the entry has none of that name.
LABELS: Final[Mapping[str, Message]] = {
    **{each.name: each.label for each in (*ITEM_FIELDS, *FIELDS)},
    "attachments": _("Attached data"),
}


def _differences(
    fields: Sequence[Field], before: Entry, after: Entry, item: str = ""
) -> Iterator[Change]:
    for field in fields:
        old, new = _given(before.get(field.name)), _given(after.get(field.name))
        if old == new or (not old and not new):
            continue
        kind = (
            ChangeKind.ADDED
            if old is None
            else ChangeKind.REMOVED
            if new is None
            else ChangeKind.CHANGED
        )
        yield Change(kind, field.label, field.words(old), field.words(new), item)


def _given(value: Any) -> Any:
    """Nothing, an empty text and an empty list are the same: not stated."""
    return None if value == "" or value == [] else value


def _items(before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[Change]:
    pairs = _paired(before, after)
    kept = [(old, new) for old, new in pairs if old is not None and new is not None]
    for old, new in pairs:
        if old is None and new is not None:
            yield Change(
                ChangeKind.ADDED, _ITEM, after=_item_words(new), item=as_text(new.get("name"))
            )
        elif old is not None and new is None:
            yield Change(
                ChangeKind.REMOVED, _ITEM, before=_item_words(old), item=as_text(old.get("name"))
            )
        elif old is not None and new is not None:
            yield from _differences(ITEM_FIELDS, old, new, as_text(old.get("name")))
    places = [next(place for place, each in enumerate(before) if each is old) for old, _new in kept]
    if places != sorted(places):
        was = [as_text(before[place].get("name")) for place in sorted(places)]
        now = [as_text(new.get("name")) for _old, new in kept]
        yield Change(ChangeKind.CHANGED, _("Order of the items"), as_list(was), as_list(now))


def _paired(
    before: Sequence[Entry], after: Sequence[Entry]
) -> list[tuple[Entry | None, Entry | None]]:
    """Which item became which: by id, else by name, else by the column
    that holds it (then it was renamed).
    """
    left, found = list(before), dict[int, Entry]()
    for key in ("id", "name", "column_name"):
        for place, new in enumerate(after):
            if place in found or not new.get(key):
                continue
            old = next((each for each in left if each.get(key) == new.get(key)), None)
            if old is not None:
                found[place] = old
                left = [each for each in left if each is not old]
    pairs: list[tuple[Entry | None, Entry | None]] = [
        (found.get(place), new) for place, new in enumerate(after)
    ]
    return pairs + [(old, None) for old in left]


def _item_words(item: Entry) -> str:
    """An item in a line: its type, its level, and that it is personal information."""
    parts = [
        as_word(DataType)(item.get("data_type")),
        as_word(SecurityLevel)(item.get("security_level")),
    ]
    if item.get("is_personal"):
        parts.append(str(_("Personal information")))
    return " · ".join(part for part in parts if part)
