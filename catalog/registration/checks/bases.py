"""The bases of what is not shared, and what the negative list says of the items (Order 809, Arts.
14 and 15).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from catalog.resources.fields.withholding import Withholding
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import ShareType
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _

#: The only bases there are (Order 809, Art. 15).
BASIS_ADVICE: Final = _(
    "Name the law, administrative regulation or State Council decision that forbids sharing, and "
    "why."
)
_NEEDED: Final[Mapping[str, Message]] = {
    "article": _("State the article that forbids sharing."),
    "text": _("Quote the article word by word."),
    "review_on": _("Give a day to come on which the basis is looked at again."),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of the negative list as a clerk is told of it."""

    entry_no: str
    basis: str


@dataclass(frozen=True, slots=True)
class ListFacts:
    """``struck``: by item, the entries in force of others within whose reach it lies;
    ``elsewhere``: those that name the same datum and end before it; ``ended``: bases of this
    entry's own that have ended, by kind, name, number and article.
    """

    struck: Mapping[UUID, Sequence[Listed]] = field(default_factory=dict)
    elsewhere: Mapping[UUID, Sequence[Listed]] = field(default_factory=dict)
    ended: Mapping[tuple[str, ...], Listed] = field(default_factory=dict)


NOT_LISTED: Final = ListFacts()


def bases(entry: ResourceRead, listed: ListFacts, today: date) -> Iterator[FieldError]:
    """What keeps the entry from being reviewed: no basis, one that is not stated in full or has
    ended, and what the negative list strikes and is not marked.
    """
    if entry.share_type is ShareType.WITHHELD:
        yield from _stated("/withholding", entry.withholding, listed, today)
        return
    for position, item in enumerate(entry.items):
        struck = listed.struck.get(item.id, ())
        pointer = f"/items/{position}"
        if item.share_type is not ShareType.WITHHELD:
            yield from _not_marked(f"{pointer}/share_type", struck)
        elif item.withholding is not None or not struck:
            yield from _stated(f"{pointer}/withholding", item.withholding, listed, today)


def _not_marked(pointer: str, struck: Sequence[Listed]) -> Iterator[FieldError]:
    if struck:
        detail = _("The negative list strikes it: %(entries)s", entries=told(struck))
        fix = _(
            "Mark the item as not shared; that entry is its basis. If you doubt it, have the entry "
            "changed, or contest it."
        )
        yield FieldError(pointer, "on_negative_list", detail, fix)


def _stated(
    pointer: str, stated: Withholding | None, listed: ListFacts, today: date
) -> Iterator[FieldError]:
    if stated is None:
        detail = _("Not sharing needs a legal basis")
        yield FieldError(pointer, "no_legal_basis", detail, BASIS_ADVICE)
        return
    for part, fix in _NEEDED.items():
        if not getattr(stated, part):
            yield FieldError(f"{pointer}/{part}", "missing", _("This is required"), fix)
    if stated.review_on is not None and stated.review_on <= today:
        detail = _("The day of the next review has come already")
        yield FieldError(f"{pointer}/review_on", "in_past", detail, _NEEDED["review_on"])
    ended = listed.ended.get((stated.kind, stated.basis, stated.number, stated.article))
    if ended is not None:
        detail = _("The basis has ended: %(entries)s", entries=told([ended]))
        fix = _("Share it, or state the basis that forbids sharing it today.")
        yield FieldError(f"{pointer}/basis", "basis_ended", detail, fix)


def told(entries: Sequence[Listed]) -> str:
    """The entries by number and basis."""
    return "、".join(f"{each.entry_no}（{each.basis}）" for each in entries)


def told_elsewhere(entry: ResourceRead, listed: ListFacts) -> list[Message]:
    """What the reviewer is told of data that others do not share: never a fault."""
    return [
        _(
            "“%(name)s” is not shared elsewhere: %(entries)s; that basis does not reach here",
            name=item.name,
            entries=told(listed.elsewhere[item.id]),
        )
        for item in entry.items
        if item.id in listed.elsewhere and item.share_type is not ShareType.WITHHELD
    ]
