"""The automatic checks of an entry in review (``shuqiao.checks``).

What keeps it from being published comes from ``registration.checks``; the rest is worth a second
look.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from catalog.resources.fields.items import ITEM_FIELDS
from catalog.resources.fields.table import FIELDS
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import Format, ShareType
from shuqiao.checks import Check, Finding, Weight, fine, order_809
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _, ngettext
from shuqiao.limits import Named

#: A data resource is called by its content; these words name the system it comes from (信息系统).
_SYSTEMS: Final = ("系统", "平台")
#: What a fault is about that lies in no single field.
#: Items named in one finding.
_NAMED: Final = 20
_ENTRY: Final = _("Entry")
_LABELS: Final = {
    **{each.name: each.label for each in (*ITEM_FIELDS, *FIELDS)},
    "attachments": _("Attached data"),
}


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """``faults``: what would keep the entry from being published; ``namesakes``: codes of entries
    of this name; ``received``: what is told of data that came from others; ``broken``: which
    standards the data breaks, ``checked``: how far that was looked at, None without data;
    ``elsewhere``: what others do not share; ``unmarked``: items that look like personal information
    and are not marked so; ``is_empty``: the data has no row.
    """

    entry: ResourceRead
    faults: Sequence[FieldError]
    namesakes: Sequence[str] = ()
    received: Sequence[Message] = ()
    broken: Sequence[Message] = ()
    elsewhere: Sequence[Message] = ()
    checked: Message | None = None
    unmarked: Sequence[str] = ()
    is_empty: bool = False


Look = Callable[[EntryFacts], Iterator[Finding]]


def _states(*fields: str) -> Look:
    """The faults of these fields."""

    def look(facts: EntryFacts) -> Iterator[Finding]:
        for fault in facts.faults:
            if _field(fault) in fields:
                yield Finding(_words(facts.entry, fault), pointer=fault.pointer)

    return look


_SHARING: Final = ("share_type", "share_way", "share_condition", "withholding", "open_condition")
_ORIGIN: Final = re.compile(r"/items/\d+/origin(/|$)")
_ASSESSED: Final = ("secrecy_assessment", "privacy_assessment")


def _items(facts: EntryFacts) -> Iterator[Finding]:
    """What is wrong with the items, but where their values come from."""
    rest = [fault for fault in facts.faults if not _ORIGIN.match(fault.pointer)]
    return _states("items")(replace(facts, faults=rest))


def _origins(facts: EntryFacts) -> Iterator[Finding]:
    faults = [fault for fault in facts.faults if _ORIGIN.match(fault.pointer)]
    yield from _states("items")(replace(facts, faults=faults))
    again = "、".join(item.name for item in facts.entry.items if item.origin and item.origin.reason)
    if again:
        words = _("Collected though a source has it: %(names)s", names=again)
        yield Finding(words, Weight.ASKS, pointer="/items")
    for words in facts.received:
        yield Finding(words, Weight.ASKS, pointer="/items")


def _nine(facts: EntryFacts) -> Iterator[Finding]:
    """Whatever no other check asks for, so that no fault is lost."""
    elsewhere = {*_SHARING, *_ASSESSED, "items", "attachments"}
    return _states(*{_field(fault) for fault in facts.faults} - elsewhere)(facts)


def _data(facts: EntryFacts) -> Iterator[Finding]:
    found = list(_states("attachments")(facts))
    if not found and facts.entry.share_type is ShareType.WITHHELD:
        yield fine(_("Not needed: the resource is not shared."))
    elif not found and facts.entry.format is Format.SERVICE:
        yield fine(_("Not needed: the data is fetched where it is served."))
    if facts.is_empty:
        words = _("The data has no rows: whoever is granted it will receive nothing.")
        yield Finding(words, Weight.ASKS, pointer="/attachments")
    yield from found


def _field(fault: FieldError) -> str:
    return fault.pointer.lstrip("/").partition("/")[0]


def _words(entry: ResourceRead, fault: FieldError) -> Message:
    """The fault with the name of its field, of an item with the item's name."""
    field, _slash, rest = fault.pointer.lstrip("/").partition("/")
    place, _slash, inner = rest.partition("/")
    if field == "items" and place.isdigit() and int(place) < len(entry.items):
        label = _("Information item “%(name)s”", name=entry.items[int(place)].name)
        return _("%(field)s: %(error)s", field=label, error=_sentence(fault, _LABELS.get(inner)))
    return _("%(field)s: %(error)s", field=_LABELS.get(field, _ENTRY), error=_sentence(fault, None))


def _sentence(fault: FieldError, label: Message | None) -> Message:
    said = (
        fault.fix
        if fault.code == "missing"
        else _("%(detail)s. %(fix)s", detail=fault.detail, fix=fault.fix)
    )
    return (
        said
        if label is None or fault.code == "missing"
        else _("%(field)s: %(error)s", field=label, error=said)
    )


def _named(facts: EntryFacts) -> Iterator[Finding]:
    if facts.entry.title.endswith(_SYSTEMS):
        words = _("The name looks like that of a system; a resource is named by its content.")
        yield Finding(words, pointer="/title")
    if facts.namesakes:
        codes = "、".join(facts.namesakes)
        yield Finding(_("Entries of the same name: %(codes)s", codes=codes), pointer="/title")


def _standard(facts: EntryFacts) -> Iterator[Finding]:
    items = facts.entry.items
    if free := sum(item.element is None for item in items):
        words = ngettext(
            "%(count)s of %(total)s items names no data element.",
            "%(count)s of %(total)s items name no data element.",
            free,
            total=len(items),
        )
        yield Finding(words, pointer="/items")
    closed = "、".join(item.name for item in items if item.share_type is ShareType.WITHHELD)
    if closed and facts.entry.share_type is not ShareType.WITHHELD:
        words = _("Not shared, though the resource is: %(names)s", names=closed)
        yield Finding(words, pointer="/items")


def _conforms(facts: EntryFacts) -> Iterator[Finding]:
    for words in facts.broken:
        yield Finding(words, pointer="/items")
    if not facts.broken:
        yield fine(facts.checked or _("There is no data to check against its standards."))


def _elsewhere(facts: EntryFacts) -> Iterator[Finding]:
    for words in facts.elsewhere:
        yield Finding(words, pointer="/items")


def _personal(facts: EntryFacts) -> Iterator[Finding]:
    if facts.unmarked:
        words = _(
            "Looks like personal information by name, pattern or check digit, but is not marked: "
            "%(names)s.",
            names="、".join(facts.unmarked[:_NAMED])
            + (" …" if len(facts.unmarked) > _NAMED else ""),
        )
        yield Finding(words, pointer="/items")
    personal = "、".join(item.name for item in facts.entry.items if item.is_personal)
    if facts.unmarked and not personal:
        return
    if not personal:
        yield fine(_("None of the items is marked as personal information."))
        return
    assessed = facts.entry.privacy_assessment
    yield Finding(
        _(
            "Personal information: %(names)s. Assessment: %(conclusion)s.",
            names=personal,
            conclusion=assessed.conclusion.label if assessed else _("not assessed"),
        ),
        pointer="/privacy_assessment",
    )


CHECKS: Final[Sequence[Check[EntryFacts]]] = (
    Check(
        id="E1",
        asks=_("The nine fields are stated (Order 809, Art. 13)"),
        weight=Weight.BLOCKS,
        look=_nine,
        basis=order_809(13),
    ),
    Check(
        id="E2",
        asks=_("The share attribute has its conditions or its legal basis (Arts. 14 and 15)"),
        weight=Weight.BLOCKS,
        look=_states(*_SHARING),
        basis=order_809(14, 15),
    ),
    Check(
        id="E3",
        asks=_("Secrecy and personal information were assessed (Art. 13)"),
        weight=Weight.BLOCKS,
        look=_states(*_ASSESSED),
        basis=order_809(13),
    ),
    Check(
        id="E4",
        asks=_("Every information item is described and graded (GB/T 43697)"),
        weight=Weight.BLOCKS,
        look=_items,
        basis=Named.of(zh="GB/T 43697", en="GB/T 43697"),
    ),
    Check(
        id="E5",
        asks=_("The data is attached and stored"),
        weight=Weight.BLOCKS,
        look=_data,
    ),
    Check(
        id="E6",
        asks=_("The name says what the data is, and nothing else has it"),
        weight=Weight.ASKS,
        look=_named,
    ),
    Check(
        id="E7",
        asks=_("Items follow data elements (one standard for each datum)"),
        weight=Weight.ASKS,
        look=_standard,
    ),
    Check(
        id="E8",
        asks=_("Personal information is marked and assessed"),
        weight=Weight.ASKS,
        look=_personal,
    ),
    Check(
        id="E9",
        asks=_("Nothing is collected again, nothing received told as the own (Arts. 19 and 25)"),
        weight=Weight.BLOCKS,
        look=_origins,
        basis=order_809(19, 25),
    ),
    Check(
        id="E10",
        asks=_("The data keeps to the data elements and value domains of its items"),
        weight=Weight.ASKS,
        look=_conforms,
    ),
    Check(
        id="E11",
        asks=_("No negative entry elsewhere names what is shared here (Art. 15)"),
        weight=Weight.ASKS,
        look=_elsewhere,
        basis=order_809(15),
    ),
)
