"""What may be asked for: of a resource that is open for it, its own items, for a term that ends."""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from catalog.negative.checks import basis_of
from catalog.negative.models import NegativeEntry
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ShareType, ShareWay
from exchange.requests.errors import NotRequestable
from exchange.requests.schemas import RequestAnswers
from shuqiao.clock import today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Listed, Message, _
from shuqiao.web.slots import Slot

LONGEST_YEARS: Final = 3
_STRUCK: Final = "negative_item"

#: Which of these requests, by number, came to a grant under which data may leave or soon will;
#: grants stand above requests and answer.
GRANTED: Slot[Callable[[Session, Sequence[str]], Collection[str]]] = Slot(lambda _s, _numbers: ())


#: The entries of the negative list that strike an item now, by its id.
Covers = Mapping[UUID, Sequence[NegativeEntry]]


def struck(name: str, entries: Sequence[NegativeEntry]) -> Message:
    """That an item is on the negative list, by which entries and on what basis."""
    said = [f"{entry.entry_no} {basis_of(entry)}" for entry in entries]
    return _("“%(name)s” is on the negative list: %(entries)s", name=name, entries="；".join(said))


#: What is open to whoever needs what is on the negative list (Order 809, Arts. 21 and 28).
WAY_ON: Final = _(
    "Leave the item out; contest the entry on its page, or file a demand for the data"
)


def check_open(resource: DataResource) -> None:
    """Raises ``NotRequestable`` for a resource that was never published or is not shared."""
    if resource.published_version < 1 or resource.share_type is ShareType.WITHHELD:
        raise NotRequestable(_("This resource is not open for requests"))


def check_still_there(asked: Sequence[ResourceItem], covers: Covers) -> None:
    """``asked``: the items of a request. Raises ``Invalid`` naming each that a later version of the
    entry took out or withholds, or that the negative list strikes.
    """
    fix = _("Leave the item out; where the request cannot be changed any more, return it first")
    errors = [
        FieldError(f"/item_ids/{position}", code, words, WAY_ON if code == _STRUCK else fix)
        for position, item in enumerate(asked)
        for code, words in _lost(item, covers)
    ]
    if errors:
        raise Invalid(errors=errors)


def _lost(item: ResourceItem, covers: Covers) -> Iterator[tuple[str, Message]]:
    if item.id in covers:
        yield _STRUCK, struck(item.name, covers[item.id])
    elif item.removed_in is not None:
        words = _("“%(name)s” is no longer an item of this data resource", name=item.name)
        yield "removed_item", words
    elif item.share_type is ShareType.WITHHELD:
        yield "withheld_item", _("“%(name)s” is no longer shared", name=item.name)


def ways_offered(resource: DataResource) -> Sequence[ShareWay]:
    """The ways of sharing that can be asked for: those that the resource offers; all where it has
    not said.
    """
    return [resource.share_way] if resource.share_way else list(ShareWay)


def check_answers(
    resource: DataResource,
    items: Iterable[ResourceItem],
    wanted: RequestAnswers,
    covers: Covers,
) -> None:
    """``items`` are those of the resource. Raises ``Invalid`` naming every field that is wrong."""
    errors = []
    offered = ways_offered(resource)
    if wanted.share_way not in offered:
        detail = _("This resource is not shared by “%(way)s”", way=wanted.share_way.label)
        ways = Listed(each.label for each in offered)
        named = _("Choose a way that it offers: %(ways)s", ways=ways)
        errors.append(FieldError("/share_way", "way_not_offered", detail, named))
    known = {item.id: item for item in items}
    fix = _("Choose from the items on the resource's page")
    seen: set[UUID] = set()
    for position, item_id in enumerate(wanted.item_ids):
        pointer = f"/item_ids/{position}"
        if item_id not in known:
            errors.append(
                FieldError(pointer, "unknown_item", _("This resource has no such item"), fix)
            )
        elif item_id in covers:
            words = struck(known[item_id].name, covers[item_id])
            errors.append(FieldError(pointer, _STRUCK, words, WAY_ON))
        elif known[item_id].share_type is ShareType.WITHHELD:
            errors.append(FieldError(pointer, "withheld_item", _("This item is not shared"), fix))
        elif item_id in seen:
            errors.append(
                FieldError(
                    pointer, "repeated_item", _("This item is named twice"), _("Name it once")
                )
            )
        seen.add(item_id)
    last = longest_until(today())
    if not today() < wanted.until <= last:
        detail = _(
            "The term must end after today and on %(last)s at the latest (%(years)s years)",
            last=last.isoformat(),
            years=LONGEST_YEARS,
        )
        errors.append(
            FieldError("/until", "bad_term", detail, _("Choose a later day, or a nearer one"))
        )
    if errors:
        raise Invalid(errors=errors)


def longest_until(day: date) -> date:
    """The last day a request made on ``day`` may name: the same day of the year the term ends in,
    or the last of the month where there is none (Civil Code, Art. 202).
    """
    year = day.year + LONGEST_YEARS
    _weekday, month_end = monthrange(year, day.month)
    return day.replace(year=year, day=min(day.day, month_end))
