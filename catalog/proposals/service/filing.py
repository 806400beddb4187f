"""Filing a proposal, and correcting it after a return."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session

from auth.cases import check, take
from auth.roles import Role
from catalog.elements import repository as elements
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementContent
from catalog.elements.service import versions
from catalog.elements.words import ElementStatus, Sourcing
from catalog.proposals import checks, lifecycle, repository
from catalog.proposals.errors import ProposalOpen
from catalog.proposals.models import ElementProposal
from catalog.proposals.schemas import (
    EndingCreate,
    ProposalCreate,
    ProposalRevision,
)
from catalog.proposals.words import ProposalKind
from shuqiao.db import first_of
from shuqiao.errors import Conflict, FieldError, Forbidden, Invalid
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

_SAID: Final = set(ElementContent.model_fields)


def propose(
    session: Session, subject: Subject, element: DataElement | None, body: ProposalCreate
) -> ElementProposal:
    """Propose a new element, a draft that is there, or the next version of a published one.

    Raises ``Invalid`` (what contradicts itself; a change of nothing), ``AdoptedAlready``,
    ``ProposalOpen``, ``Conflict`` for an element that ended.
    """
    said = _content(body)
    if element is None:
        element = versions.draft(session, subject, said)
    elif element.status is ElementStatus.DRAFT:
        _refuse_second(session, element)
        versions.rewrite(session, subject, element, said)
    else:
        refuse_ended(session, element)
        versions.checked(session, said, element)
        checks.unsourced(session, element, said)
        _refuse_same(session, element, said)
    kind = ProposalKind.CHANGE if element.published_version else ProposalKind.ADOPT
    return _file(session, subject, element, kind, said=said, reason=body.reason)


def propose_ending(
    session: Session, subject: Subject, element: DataElement, body: EndingCreate
) -> ElementProposal:
    """Propose that a published element is replaced, or retired. Raises ``Invalid`` for a successor
    that is none, ``ProposalOpen``, ``Conflict``.
    """
    refuse_ended(session, element)
    successor = _successor(session, element, body)
    kind = ProposalKind.REPLACE if successor else ProposalKind.RETIRE
    return _file(
        session,
        subject,
        element,
        kind,
        successor=successor,
        carries=_carries(successor, body),
        reason=body.reason,
    )


def mend(
    session: Session,
    subject: Subject,
    proposal: ElementProposal,
    body: ProposalRevision | EndingCreate,
    version: int,
) -> ElementProposal:
    """Propose again what was returned, corrected; a data administrator only what is the own one,
    for it is data administrators who decide. Raises ``Forbidden``, and as proposing does.
    """
    check(proposal, lifecycle.MEND, version)
    if is_anothers(subject, proposal):
        raise Forbidden(_("A data administrator corrects only a proposal of their own"))
    element = repository.element_of(session, proposal, lock=True)
    if isinstance(body, EndingCreate):
        _refuse_other(proposal, has_content=False)
        successor = _successor(session, element, body)
        proposal.successor_id = successor.id if successor else None
        proposal.kind = ProposalKind.REPLACE if successor else ProposalKind.RETIRE
        proposal.carries_sources = _carries(successor, body)
    else:
        _refuse_other(proposal, has_content=True)
        said = _content(body)
        if proposal.kind is ProposalKind.ADOPT:
            versions.rewrite(session, subject, element, said)
        else:
            versions.checked(session, said, element)
            checks.unsourced(session, element, said)
            _refuse_same(session, element, said)
        proposal.content, proposal.title = said.model_dump(mode="json"), said.name
    proposal.reason = body.reason
    take(session, subject, proposal, lifecycle.MEND, version, why={"kind": proposal.kind})
    return proposal


def is_anothers(subject: Subject, proposal: ElementProposal) -> bool:
    """Whether a data administrator did not make it, and so does not correct it."""
    return subject.has(Role.DATA_ADMIN) and subject.user_id != proposal.author_id


def _carries(successor: DataElement | None, body: EndingCreate) -> bool:
    """Raises ``Invalid`` where there is nothing that the sources could go over to."""
    if body.carries_sources and (
        successor is None or successor.sourcing is not Sourcing.AUTHORITATIVE
    ):
        fix = _("Name a successor that needs a source, or let the sources end.")
        detail = _("Sources go over only to an element that needs one")
        raise Invalid(errors=[FieldError("/carries_sources", "no_successor", detail, fix)])
    return body.carries_sources


def _file(
    session: Session,
    subject: Subject,
    element: DataElement,
    kind: ProposalKind,
    *,
    reason: str,
    said: ElementContent | None = None,
    successor: DataElement | None = None,
    carries: bool = False,
) -> ElementProposal:
    _refuse_second(session, element)
    assert subject.user_id is not None and subject.department_id is not None
    proposal = ElementProposal(
        proposal_no=next_number(session, "EP"),
        element_id=element.id,
        title=said.name if said else element.name,
        kind=kind,
        proposer_id=subject.department_id,
        author_id=subject.user_id,
        base_version=element.published_version,
        content=said.model_dump(mode="json") if said else None,
        successor_id=successor.id if successor else None,
        carries_sources=carries,
        reason=reason,
    )
    with first_of(session, "element_proposal_open_key", ProposalOpen):
        session.add(proposal)
    why = {"element": element.identifier, "kind": kind}
    take(session, subject, proposal, lifecycle.PROPOSE, why=why)
    return proposal


def _content(body: ProposalCreate | ProposalRevision) -> ElementContent:
    return ElementContent(**body.model_dump(include=_SAID))


def _successor(session: Session, element: DataElement, body: EndingCreate) -> DataElement | None:
    if body.successor is None:
        return None
    found = elements.by_identifier(session, body.successor)
    if found is None or found.id == element.id or found.status is not ElementStatus.STANDARD:
        fix = _("Name another published element, or leave it out to retire this one.")
        detail = _("This is no published element that could replace it")
        raise Invalid(errors=[FieldError("/successor", "unknown", detail, fix)])
    return found


def _refuse_same(session: Session, element: DataElement, said: ElementContent) -> None:
    kept = versions.content_of(session, element).model_dump(mode="json")
    if not versions.differences(kept, said.model_dump(mode="json")):
        fix = _("Change what is to be different.")
        detail = _("It says what the published version says")
        raise Invalid(errors=[FieldError("", "unchanged", detail, fix)])


def _refuse_second(session: Session, element: DataElement) -> None:
    there = repository.open_about(session, element.id)
    if there is not None:
        raise ProposalOpen(_("It is %(no)s; wait for its end.", no=there.proposal_no))


def refuse_ended(session: Session, element: DataElement) -> None:
    if element.status is ElementStatus.STANDARD:
        return
    detail = _("The element is not in force: %(status)s", status=element.status.label)
    if element.successor_id is not None:
        named: Mapping[Any, str] = elements.identifiers_by_id(session, [element.successor_id])
        detail = _("It was replaced; use %(identifier)s.", identifier=named[element.successor_id])
    raise Conflict(detail)


def _refuse_other(proposal: ElementProposal, *, has_content: bool) -> None:
    if proposal.kind.has_content != has_content:
        raise Conflict(_("This proposal is of another kind: %(kind)s", kind=proposal.kind.label))
