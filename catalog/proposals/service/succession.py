"""Proposals, opinions that are asked for and drafts go over to the successor."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.roles import Role
from auth.succession.service.handing import handed_over
from auth.succession.service.holdings import Held, Ruling
from catalog.elements import repository as elements
from catalog.elements.models import DataElement
from catalog.proposals import lifecycle, repository
from catalog.proposals.models import ElementProposal
from catalog.proposals.words import ProposalStatus
from shuqiao.desk import todos
from shuqiao.subject import Subject


def held(session: Session, department_id: UUID) -> Sequence[Held]:
    """The proposals of a department that are on their way."""
    return [
        Held(each.proposal_no, f"{each.title}（{each.status.label}）", _page(each))
        for each in repository.on_their_way(session, department_id)
    ]


def succeed(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """The successor proposes it from now on: whoever was to correct it is its registrar; an opinion
    on its own proposal is not asked of it.
    """
    proposal = _locked(session, number)
    proposal.proposer_id = ruling.after.id
    handed_over(session, subject, proposal, Event.PROPOSAL_SUCCEEDED, ruling)
    element = repository.element_of(session, proposal, lock=True)
    if element.proposer_id == ruling.before.id and not element.published_version:
        _draft_over(session, subject, element, ruling)
    if proposal.status is ProposalStatus.RETURNED:
        _ask_to_correct(session, proposal)
    if ruling.after.id in proposal.asked_ids:
        _asked(session, proposal, ruling.after.id, None)


def held_opinions(session: Session, department_id: UUID) -> Sequence[Held]:
    """The hearings in which a department was asked and has not answered."""
    return [
        Held(each.proposal_no, each.title, _page(each))
        for each in repository.asked_of(session, department_id)
        if department_id not in repository.answered(session, each)
    ]


def succeed_opinion(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """The successor is asked instead, unless it was asked itself or proposes it."""
    proposal = _locked(session, number)
    is_asked = ruling.after.id not in {*proposal.asked_ids, proposal.proposer_id}
    _asked(session, proposal, ruling.before.id, ruling.after.id if is_asked else None)
    handed_over(session, subject, proposal, Event.OPINION_SUCCEEDED, ruling)


def held_drafts(session: Session, department_id: UUID) -> Sequence[Held]:
    """Drafts of elements that nobody has proposed."""
    return [
        Held(each.identifier, each.name, f"/elements/{each.identifier}")
        for each in repository.drafts_of(session, department_id)
    ]


def succeed_draft(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    element = elements.by_identifier(session, number, lock=True)
    assert element is not None, "what is left was read in this transaction"
    _draft_over(session, subject, element, ruling)


def _draft_over(session: Session, subject: Subject, element: DataElement, ruling: Ruling) -> None:
    element.proposer_id, element.version = ruling.after.id, element.version + 1
    session.flush()
    append(
        session,
        subject,
        Event.ELEMENT_SUCCEEDED,
        stream=element.audit_stream(),
        obj=element.audit_ref(),
        why=ruling.why(),
    )


def _asked(session: Session, proposal: ElementProposal, before: UUID, after: UUID | None) -> None:
    """Ask ``after`` instead of ``before``, or nobody; another list: a change inside one is not
    noticed.
    """
    others = [each for each in proposal.asked_ids if each != before]
    proposal.asked_ids = others if after is None else [*others, after]
    session.flush()
    if after is None:
        todos.done(
            session,
            case_no=proposal.proposal_no,
            kind=lifecycle.ANSWER_TODO.kind,
            by=None,
            department_id=before,
        )


def _ask_to_correct(session: Session, proposal: ElementProposal) -> None:
    todo, told = lifecycle.CORRECT_TODO, proposal.told()
    todos.done(session, case_no=proposal.proposal_no, kind=todo.kind, by=None)
    todos.ask(
        session,
        case_no=proposal.proposal_no,
        kind=todo.kind,
        role=Role.REGISTRAR,
        department_id=proposal.proposer_id,
        what=todo.what.filled(told),
        href=todo.page.format_map(told),
        clock=todo.clock,
    )


def _locked(session: Session, number: str) -> ElementProposal:
    found = repository.by_no(session, number, lock=True)
    assert found is not None, "what is left was read in this transaction"
    return found


def _page(proposal: ElementProposal) -> str:
    return lifecycle.PAGE.format_map(proposal.told())
