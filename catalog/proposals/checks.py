"""What is wrong with a proposal; and what only higher rooms know of those who follow an element."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from sqlmodel import Session

from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementContent
from catalog.elements.words import Sourcing
from catalog.proposals.schemas import Effect, ProposalDecision
from catalog.proposals.words import ProposalOutcome
from shuqiao.errors import Conflict, FieldError
from shuqiao.i18n import _
from shuqiao.subject import Subject
from shuqiao.web.slots import Slot

#: The departments whose published items follow the element.
FOLLOWED_BY: Final[Slot[Callable[[Session, UUID], Sequence[UUID]]]] = Slot(lambda _s, _id: ())
#: What an element with another content, or without one, means for the items that follow it.
EFFECT: Final[Slot[Callable[[Session, DataElement, ElementContent | None], Effect | None]]] = Slot(
    lambda _s, _element, _content: None
)
#: Numbers of the claims to be the source of the element that stand or wait.
SOURCED: Final[Slot[Callable[[Session, UUID], Sequence[str]]]] = Slot(lambda _s, _id: ())
#: Let nobody decide on the sources of these elements until this transaction ends; and then let
#: them end with the first, or go over to the second.
QUEUED: Final[Slot[Callable[[Session, Sequence[UUID]], None]]] = Slot(lambda _s, _ids: None)
Ended = Callable[[Session, Subject, DataElement, DataElement | None, bool], None]
ENDED: Final[Slot[Ended]] = Slot(lambda _s, _subject, _element, _successor, _carries: None)


def unsourced(session: Session, element: DataElement, said: ElementContent) -> None:
    """Raises ``Conflict`` where what needs a source and has one is to need none."""
    if said.sourcing is Sourcing.AUTHORITATIVE:
        return
    if numbers := SOURCED.held(session, element.id):
        detail = _(
            "The element has a source, or is claimed: %(numbers)s. Let that end first.",
            numbers="、".join(numbers),
        )
        raise Conflict(detail)


def unsaid(decision: ProposalDecision, *, is_over: bool) -> list[FieldError]:
    """The reason that a decision needs. ``is_over``: the hearing ended, or whoever was asked has
    answered.
    """
    if decision.remark:
        return []
    if decision.outcome is ProposalOutcome.RETURNED:
        fix = _("Say what is to be corrected.")
        return [FieldError("/remark", "required", _("A return needs a reason"), fix)]
    if is_over:
        return []
    detail = _("The hearing is open, and not everybody who follows the element has answered")
    fix = _("Wait until it ends, or say why it is published earlier.")
    return [FieldError("/remark", "required", detail, fix)]
