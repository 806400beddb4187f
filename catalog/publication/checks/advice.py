"""What the service checks by itself before a person decides on a
catalogue entry: advice in words, never a decision.

Pure. What keeps an entry from being published comes from ``resources.completeness``; the rest is
worth a second look.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalog.publication.checks.changes import LABELS
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import Format, ShareType
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _, ngettext

#: A data resource is called by its content; these words name the system it comes from (信息系统).
_SYSTEMS: Final = ("系统", "平台")
#: What a fault is about that lies in no single field.
_ENTRY: Final = _("Entry")


class Verdict(StrEnum):
    """How a check came out: 通过, 注意, 不通过."""

    PASSED = "passed"
    ATTENTION = "attention"
    FAILED = "failed"

    @property
    def label(self) -> Message:
        return _VERDICTS[self][0]

    @property
    def tone(self) -> str:
        return _VERDICTS[self][1]


_VERDICTS: Final = {
    Verdict.PASSED: (_("Passed"), "success"),
    Verdict.ATTENTION: (_("Attention"), "warning"),
    Verdict.FAILED: (_("Not passed"), "danger"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was looked at, how it came out, and what was found, a sentence each."""

    verdict: Verdict
    what: Message
    found: tuple[Message, ...] = ()


#: Fields whose faults belong to one check, in the order of the page;
#: anything else belongs to the first.
_GROUPS: Final[Sequence[tuple[Message, frozenset[str]]]] = (
    (_("The nine fields are stated (Order 809, Art. 13)"), frozenset()),
    (
        _("The share attribute has its conditions or its legal basis (Arts. 14 and 15)"),
        frozenset({"share_way", "share_condition", "withholding", "open_condition"}),
    ),
    (
        _("Secrecy and personal information were assessed (Art. 13)"),
        frozenset({"secrecy_assessment", "privacy_assessment"}),
    ),
    (_("Every information item is described and graded (GB/T 43697)"), frozenset({"items"})),
    (_("The data is attached and stored"), frozenset({"attachments"})),
)


def checks(
    entry: ResourceRead, faults: Sequence[FieldError], *, namesakes: Sequence[str] = ()
) -> list[Check]:
    """Every check of ``entry``.

    ``faults``: what completeness found; ``namesakes``: codes of entries of this name.
    """
    return [*_complete(entry, faults), _named(entry, namesakes), _standard(entry), _personal(entry)]


def _complete(entry: ResourceRead, faults: Sequence[FieldError]) -> Iterator[Check]:
    grouped = frozenset[str]().union(*(fields for _what, fields in _GROUPS))
    for place, (what, fields) in enumerate(_GROUPS):
        own = [
            fault
            for fault in faults
            if _field(fault) in fields or (not place and _field(fault) not in grouped)
        ]
        if own:
            yield Check(Verdict.FAILED, what, tuple(_words(entry, fault) for fault in own))
        elif "attachments" in fields and entry.share_type is ShareType.WITHHELD:
            yield Check(Verdict.PASSED, what, (_("Not needed: the resource is not shared."),))
        elif "attachments" in fields and entry.format is Format.SERVICE:
            yield Check(
                Verdict.PASSED, what, (_("Not needed: the data is fetched where it is served."),)
            )
        else:
            yield Check(Verdict.PASSED, what)


def _field(fault: FieldError) -> str:
    return fault.pointer.lstrip("/").partition("/")[0]


def _words(entry: ResourceRead, fault: FieldError) -> Message:
    """The fault with the name of its field, of an item with the item's name."""
    field, _slash, rest = fault.pointer.lstrip("/").partition("/")
    place, _slash, inner = rest.partition("/")
    if field == "items" and place.isdigit() and int(place) < len(entry.items):
        label = _("Information item “%(name)s”", name=entry.items[int(place)].name)
        return _("%(field)s: %(error)s", field=label, error=_sentence(fault, LABELS.get(inner)))
    return _("%(field)s: %(error)s", field=LABELS.get(field, _ENTRY), error=_sentence(fault, None))


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


def _named(entry: ResourceRead, namesakes: Sequence[str]) -> Check:
    what, found = _("The name says what the data is, and nothing else has it"), list[Message]()
    if entry.title.endswith(_SYSTEMS):
        found.append(_("The name looks like that of a system; a resource is named by its content."))
    if namesakes:
        found.append(_("Entries of the same name: %(codes)s", codes="、".join(namesakes)))
    return Check(Verdict.ATTENTION if found else Verdict.PASSED, what, tuple(found))


def _standard(entry: ResourceRead) -> Check:
    what, found, items = (
        _("Items follow data elements (one standard for each datum)"),
        list[Message](),
        entry.items,
    )
    free = [item.name for item in items if item.element is None]
    if free:
        found.append(
            ngettext(
                "%(count)s of %(total)s items names no data element.",
                "%(count)s of %(total)s items name no data element.",
                len(free),
                total=len(items),
            )
        )
    closed = [item.name for item in items if item.share_type is ShareType.WITHHELD]
    if closed and entry.share_type is not ShareType.WITHHELD:
        found.append(_("Not shared, though the resource is: %(names)s", names="、".join(closed)))
    return Check(Verdict.ATTENTION if found else Verdict.PASSED, what, tuple(found))


def _personal(entry: ResourceRead) -> Check:
    what = _("Personal information is marked and assessed")
    personal = [item.name for item in entry.items if item.is_personal]
    if not personal:
        return Check(
            Verdict.PASSED, what, (_("None of the items is marked as personal information."),)
        )
    assessed = (
        entry.privacy_assessment.conclusion.label if entry.privacy_assessment else _("not assessed")
    )
    said = _(
        "Personal information: %(names)s. Assessment: %(conclusion)s.",
        names="、".join(personal),
        conclusion=assessed,
    )
    return Check(Verdict.ATTENTION, what, (said,))
