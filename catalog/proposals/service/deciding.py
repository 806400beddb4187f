"""Hearing the departments on a proposal, and deciding on it."""

from typing import Any, Final

from sqlmodel import Session

from auth.cases import check, take
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementContent
from catalog.elements.service import versions
from catalog.elements.words import ElementStatus
from catalog.proposals import checks, lifecycle, repository
from catalog.proposals.errors import AnsweredAlready
from catalog.proposals.models import ElementOpinion, ElementProposal
from catalog.proposals.schemas import (
    OpinionCreate,
    ProposalDecision,
)
from catalog.proposals.service.filing import refuse_ended
from catalog.proposals.words import ProposalKind, ProposalOutcome, Verdict
from policies.clocks import Clock
from policies.deadlines import deadlines
from shuqiao.clock import now, today
from shuqiao.db import insert_once
from shuqiao.desk import clocks, todos
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject

#: Whoever follows an element is told what became of it (``catalog.publication``).
FOLLOW: Final = "catalog.publication.element_changed"


def record(
    session: Session, subject: Subject, proposal: ElementProposal, version: int
) -> ElementProposal:
    """Take the proposal in and hear the departments: whoever follows the element is asked."""
    check(proposal, lifecycle.RECORD, version)
    element = repository.element_of(session, proposal, lock=True)
    if proposal.kind is ProposalKind.ADOPT:
        versions.stage(session, subject, element, ElementStatus.RECORDED)
    asked = [
        each
        for each in checks.FOLLOWED_BY.held(session, element.id)
        if each != proposal.proposer_id
    ]
    hearing = clocks.start(
        session,
        case_no=proposal.proposal_no,
        kind=lifecycle.HEARING,
        limit=deadlines()[Clock.ELEMENT_HEARING].given,
        started_on=today(),
    )
    proposal.round += 1
    proposal.recorded_at, proposal.asked_ids = now(), asked
    proposal.heard_until = hearing.due_on
    why = {"round": proposal.round, "asked": len(asked), "until": hearing.due_on}
    take(session, subject, proposal, lifecycle.RECORD, version, why=why)
    _ask(session, proposal)
    return proposal


def answer(
    session: Session, subject: Subject, proposal: ElementProposal, body: OpinionCreate
) -> ElementOpinion:
    """Keep what the department says. Raises ``Invalid`` for comments without words,
    ``AnsweredAlready``.
    """
    check(proposal, lifecycle.ANSWER)
    if body.verdict is Verdict.COMMENTS and not body.remark:
        fix = _("Say what is to be otherwise, or that there is no objection.")
        raise Invalid(errors=[FieldError("/remark", "required", _("Comments say what"), fix)])
    assert subject.user_id is not None and subject.department_id is not None
    given = ElementOpinion(
        proposal_id=proposal.id,
        round=proposal.round,
        department_id=subject.department_id,
        author_id=subject.user_id,
        **dict(body),
    )
    insert_once(session, given, AnsweredAlready())
    why = {"round": given.round, "verdict": given.verdict}
    take(session, subject, proposal, lifecycle.ANSWER, why=why)
    todos.done(
        session,
        case_no=proposal.proposal_no,
        kind=lifecycle.ANSWER_TODO.kind,
        by=subject.user_id,
        department_id=subject.department_id,
    )
    return given


def decide(
    session: Session,
    subject: Subject,
    proposal: ElementProposal,
    body: ProposalDecision,
    version: int,
) -> ElementProposal:
    """Publish what was heard, or return it. Raises ``Invalid`` without the reason that is needed,
    ``AdoptedAlready``, ``Conflict`` for a successor that ended meanwhile.
    """
    is_published = body.outcome is ProposalOutcome.PUBLISHED
    step = lifecycle.PUBLISH if is_published else lifecycle.RETURN
    check(proposal, step, version)
    missing = unanswered(session, proposal)
    if errors := checks.unsaid(body, is_over=is_over(proposal, missing)):
        raise Invalid(errors=errors)
    if is_published and proposal.content is None:
        # before the elements are locked, as whoever names a source does
        named = (proposal.element_id, proposal.successor_id)
        checks.QUEUED.held(session, [each for each in named if each is not None])
    element, successor = repository.elements_of(session, proposal)
    why: dict[str, Any] = {"element": element.identifier, "kind": proposal.kind}
    if is_published:
        why |= {"early": body.remark, "unanswered": len(missing)} if body.remark else {}
        _carry_out(session, subject, proposal, element, successor)
    elif element.status is ElementStatus.RECORDED:
        versions.stage(session, subject, element, ElementStatus.DRAFT)
    proposal.decider_id, proposal.decided_at = subject.user_id, now()
    proposal.is_self_reviewed = subject.department_id == proposal.proposer_id
    proposal.remark = body.remark
    why |= {"self_reviewed": True} if proposal.is_self_reviewed else {}
    why |= {} if is_published else {"remark": body.remark}
    take(session, subject, proposal, step, version, why=why, words={"remark": body.remark})
    if is_published and proposal.kind is not ProposalKind.ADOPT:
        enqueue(session, FOLLOW, identifier=element.identifier, proposal_no=proposal.proposal_no)
    return proposal


def withdraw(
    session: Session, subject: Subject, proposal: ElementProposal, version: int
) -> ElementProposal:
    """Give the proposal up; a new element is a draft of its department again."""
    check(proposal, lifecycle.WITHDRAW, version)
    element = repository.element_of(session, proposal, lock=True)
    if element.status is ElementStatus.RECORDED:
        versions.stage(session, subject, element, ElementStatus.DRAFT)
    take(session, subject, proposal, lifecycle.WITHDRAW, version)
    return proposal


def unanswered(session: Session, proposal: ElementProposal) -> list[Any]:
    """The departments that were asked and have said nothing yet."""
    given = repository.answered(session, proposal)
    return [each for each in proposal.asked_ids if each not in given]


def is_over(proposal: ElementProposal, missing: list[Any]) -> bool:
    """Whether the hearing has ended, or everybody who follows the element has answered. Where
    nobody does, only its end ends it.
    """
    if proposal.heard_until is not None and today() > proposal.heard_until:
        return True
    return bool(proposal.asked_ids) and not missing


def _carry_out(
    session: Session,
    subject: Subject,
    proposal: ElementProposal,
    element: DataElement,
    successor: DataElement | None,
) -> None:
    if proposal.content is not None:
        said = ElementContent.model_validate(proposal.content)
        checks.unsourced(session, element, said)
        versions.publish(session, subject, element, said, proposal_no=proposal.proposal_no)
        return
    if successor is not None:
        refuse_ended(session, successor)
    versions.end(
        session,
        subject,
        element,
        successor=successor,
        reason=proposal.reason,
        proposal_no=proposal.proposal_no,
    )
    checks.ENDED.held(session, subject, element, successor, proposal.carries_sources)


def _ask(session: Session, proposal: ElementProposal) -> None:
    todo, told = lifecycle.ANSWER_TODO, proposal.told()
    for department_id in proposal.asked_ids:
        todos.ask(
            session,
            case_no=proposal.proposal_no,
            kind=todo.kind,
            role=todo.seat.role,
            department_id=department_id,
            what=todo.what.filled(told),
            href=todo.page.format_map(told),
            clock=todo.clock,
        )
