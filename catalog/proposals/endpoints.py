"""HTTP of proposals for the standards."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.guard import authorize
from auth.once import OnceDep
from catalog.elements import repository as elements
from catalog.elements.models import DataElement
from catalog.proposals import repository
from catalog.proposals.access import (
    AnswerableProposal,
    ChangeableElement,
    DecidableProposal,
    MendableProposal,
    ProposalReader,
    Proposer,
    ReadableProposal,
)
from catalog.proposals.models import ElementProposal
from catalog.proposals.schemas import (
    EndingCreate,
    OpinionCreate,
    ProposalCreate,
    ProposalDecision,
    ProposalRead,
    ProposalRecorded,
    ProposalRevision,
    ProposalShown,
)
from catalog.proposals.service import deciding, filing
from catalog.proposals.views import read_model, read_models
from catalog.proposals.words import ProposalStatus
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["proposals"], route_class=StrictRoute)


@router.post(
    "/element-proposals",
    status_code=201,
    operation_id="element_proposals_file",
    summary="Propose a data element, or the next version of one",
)
def propose(
    subject: Proposer, body: ProposalCreate, session: SessionDep, once: OnceDep, response: Response
) -> ProposalRecorded:
    element = _named(session, subject, body) if body.element else None
    made = filing.propose(session, subject, element, body)
    response.headers["Location"] = f"/api/v1/element-proposals/{made.proposal_no}"
    return once.keep(_told(session, made, response))


@router.post(
    "/elements/{identifier}/endings",
    status_code=201,
    operation_id="element_proposals_end",
    summary="Propose that a data element is replaced or retired",
)
def propose_ending(
    found: ChangeableElement,
    body: EndingCreate,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> ProposalRecorded:
    made = filing.propose_ending(session, found.subject, found.object, body)
    response.headers["Location"] = f"/api/v1/element-proposals/{made.proposal_no}"
    return once.keep(_told(session, made, response))


@router.get("/element-proposals", operation_id="element_proposals_list", summary="List proposals")
def list_proposals(
    subject: ProposalReader,
    session: ReadSessionDep,
    wanted: PageDep,
    status: Annotated[ProposalStatus | None, Query(description="In this state")] = None,
) -> Page[ProposalRead]:
    rows, following = repository.page(session, subject, wanted, status)
    return Page(items=read_models(session, rows), next=following)


@router.get(
    "/element-proposals/{no}",
    operation_id="element_proposals_show",
    summary="Show a proposal with its opinions and its effect",
)
def show(found: ReadableProposal, session: ReadSessionDep, response: Response) -> ProposalShown:
    response.headers["ETag"] = etag(found.object.version)
    return read_model(session, found.object)


@router.post(
    "/element-proposals/{no}/revisions",
    status_code=201,
    operation_id="element_proposals_revise",
    summary="Correct a returned proposal and propose it again",
)
def revise(
    found: MendableProposal,
    body: ProposalRevision,
    session: SessionDep,
    once: OnceDep,
    seen: IfMatchDep,
    response: Response,
) -> ProposalRecorded:
    changed = filing.mend(session, found.subject, found.object, body, seen)
    return once.keep(_told(session, changed, response))


@router.post(
    "/element-proposals/{no}/ending-revisions",
    status_code=201,
    operation_id="element_proposals_revise_ending",
    summary="Correct a returned proposal to end an element",
)
def revise_ending(
    found: MendableProposal,
    body: EndingCreate,
    session: SessionDep,
    once: OnceDep,
    seen: IfMatchDep,
    response: Response,
) -> ProposalRecorded:
    changed = filing.mend(session, found.subject, found.object, body, seen)
    return once.keep(_told(session, changed, response))


@router.post(
    "/element-proposals/{no}/hearings",
    status_code=201,
    operation_id="element_proposals_record",
    summary="Record a proposal and open its hearing",
)
def record(
    found: DecidableProposal,
    session: SessionDep,
    once: OnceDep,
    seen: IfMatchDep,
    response: Response,
) -> ProposalRecorded:
    changed = deciding.record(session, found.subject, found.object, seen)
    return once.keep(_told(session, changed, response))


@router.post(
    "/element-proposals/{no}/opinions",
    status_code=201,
    operation_id="element_proposals_answer",
    summary="Give the opinion of the department",
)
def answer(
    found: AnswerableProposal, body: OpinionCreate, session: SessionDep, once: OnceDep
) -> ProposalRecorded:
    deciding.answer(session, found.subject, found.object, body)
    return once.keep(_told(session, found.object))


@router.post(
    "/element-proposals/{no}/decisions",
    status_code=201,
    operation_id="element_proposals_decide",
    summary="Publish a proposal, or return it",
)
def decide(
    found: DecidableProposal,
    body: ProposalDecision,
    session: SessionDep,
    once: OnceDep,
    seen: IfMatchDep,
    response: Response,
) -> ProposalRecorded:
    changed = deciding.decide(session, found.subject, found.object, body, seen)
    return once.keep(_told(session, changed, response))


@router.post(
    "/element-proposals/{no}/withdrawals",
    status_code=201,
    operation_id="element_proposals_withdraw",
    summary="Withdraw a proposal",
)
def withdraw(
    found: MendableProposal,
    session: SessionDep,
    once: OnceDep,
    seen: IfMatchDep,
    response: Response,
) -> ProposalRecorded:
    changed = deciding.withdraw(session, found.subject, found.object, seen)
    return once.keep(_told(session, changed, response))


def _named(session: Session, subject: Subject, body: ProposalCreate) -> DataElement:
    """The element to be changed, locked. Raises ``Invalid``, or what the rules say."""
    assert body.element is not None
    found = elements.by_identifier(session, body.element, lock=True)
    if found is None:
        fix = _("Use the identifier of a data element, or leave it out.")
        raise Invalid(errors=[FieldError("/element", "unknown", _("No such data element"), fix)])
    authorize(subject, Action.ELEMENT_PROPOSE, found)
    return found


def _told(
    session: Session, proposal: ElementProposal, response: Response | None = None
) -> ProposalRecorded:
    if response is not None:
        response.headers["ETag"] = etag(proposal.version)
    (read,) = read_models(session, [proposal])
    return ProposalRecorded(**dict(read), **receipt(session))
