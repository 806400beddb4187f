"""The source of one element, as a page and as a card on the page of the element."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.guard import Authorized, Place, is_allowed
from auth.roles import Role
from catalog.elements.models import DataElement
from catalog.elements.words import Sourcing
from catalog.sources import repository
from catalog.sources.checks import CONFLICTS, OpenConflict
from catalog.sources.schemas import ClaimRead, ElementSource
from catalog.sources.views.drawing import Box, Drawing, drawn
from catalog.sources.views.reading import element_source, read_models
from catalog.sources.words import OPEN, TONES, ClaimStatus
from policies.actions import Action
from shuqiao.i18n import Message, _, ngettext
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.slots import Slot

#: Names of the departments that receive items that follow the element, for whoever may know them;
#: grants stand above.
RECEIVERS: Slot[Callable[[Session, Subject, DataElement], Sequence[str]]] = Slot(
    lambda _session, _subject, _element: ()
)
SCOPE_LABELS: Final[Mapping[str, Message]] = {
    "name": _("Name of the scope"),
    "belongs": _("How an object is told to belong to it"),
    "reason": _("Reason"),
}
#: So many departments that hold the element are drawn; the table has all.
_DRAWN: Final = 6


@dataclass(frozen=True, slots=True)
class SourcePage(Page):
    """Standard, source by scope and area, who else holds it, who receives it, what waits."""

    template = "sources/element.html"
    form: Form
    labels: Mapping[str, Message]
    element: DataElement
    source: ElementSource
    drawing: Drawing | None
    closed: Sequence[ClaimRead]
    conflicts: Sequence[OpenConflict]
    receivers: Sequence[str]
    tones: Mapping[ClaimStatus, str]
    is_administration: bool
    may_claim: bool
    may_scope: bool
    done: Message | None


_DONE: Final[Mapping[str, Message]] = {
    "scoped": _("The object scope has been registered"),
    "scope_ended": _("The object scope has ended"),
}


def source_page(
    session: Session, found: Authorized[DataElement], form: Form, done: str = ""
) -> SourcePage:
    element, subject = found.object, found.subject
    source = element_source(session, element)
    claims = repository.of_element(session, element.id)
    gone = [each for each in claims if each.status not in (*OPEN, ClaimStatus.CONFIRMED)]
    receivers = RECEIVERS.held(session, subject, element)
    disputed = CONFLICTS.held(session, [element.id])
    conflicts = [each for each in disputed if is_allowed(subject, Action.CONFLICT_READ, each.case)]
    numbers = [each.number if each in conflicts else "" for each in disputed]
    needs_one = element.sourcing is Sourcing.AUTHORITATIVE
    return SourcePage(
        form=form,
        labels=SCOPE_LABELS,
        element=element,
        source=source,
        drawing=_drawing(element, source, numbers, receivers) if needs_one else None,
        closed=read_models(session, gone),
        conflicts=conflicts,
        receivers=receivers,
        tones=TONES,
        is_administration=subject.has(Role.DATA_ADMIN),
        may_claim=needs_one and is_allowed(subject, Action.SOURCE_CLAIM, element),
        may_scope=needs_one and is_allowed(subject, Action.SOURCE_SCOPE, element),
        done=_DONE.get(done),
    )


def card(session: Session, subject: Subject, element: DataElement) -> Mapping[str, Any] | None:
    """On the page of an element: its source, or that there is none."""
    if not is_allowed(subject, Action.SOURCE_READ, Place("SourceClaim", "", _NOBODYS)):
        return None
    return {
        "element": element,
        "sources": read_models(session, repository.confirmed(session, [element.id])),
        "waiting": len(repository.open_claims(session, [element.id])),
    }


#: What a claim says of itself to the rules; who may read one may read all.
_NOBODYS: Final[Mapping[str, Any]] = {"department": "", "proposer": "", "by_administration": False}


def _drawing(
    element: DataElement,
    source: ElementSource,
    conflicts: Sequence[str],
    receivers: Sequence[str],
) -> Drawing:
    standard = " · ".join(filter(None, (element.identifier, element.standard_no)))
    others = [each for each in source.holdings if not each.is_source]
    held = [Box(each.department, str(_items(each.items, each.copied))) for each in others[:_DRAWN]]
    if len(others) > _DRAWN:
        held.append(Box(str(_("And others")), str(_departments(len(others) - _DRAWN))))
    return drawn(
        (
            (_("The standard"), [Box(element.name, standard)]),
            (_("Its source"), _sources(source, conflicts)),
            (_("Held by"), held),
            (_("Received by"), [Box(name, "") for name in receivers[:_DRAWN]]),
        )
    )


def _sources(source: ElementSource, conflicts: Sequence[str]) -> list[Box]:
    everything, named = str(_("All objects")), []
    for each in source.sources:
        place = " · ".join((each.scope or everything, each.area))
        named.append(Box(each.department, place, "source"))
    disputed = str(_("Source conflict"))
    named += [Box(disputed, number, "open") for number in conflicts]
    if not named:
        waiting = len(source.open_claims)
        hint = _claims(waiting) if waiting else _("Nobody has claimed it")
        named.append(Box(str(_("No source is named yet")), str(hint), "missing"))
    return named


def _items(items: int, copied: int) -> Message:
    if copied:
        return _("%(items)s items, of these %(copied)s shared", items=items, copied=copied)
    return ngettext("%(count)s item", "%(count)s items", items, count=items)


def _departments(count: int) -> Message:
    return ngettext("%(count)s more department", "%(count)s more departments", count, count=count)


def _claims(count: int) -> Message:
    return ngettext("%(count)s claim waits", "%(count)s claims wait", count, count=count)
