"""Pages of proposals: the list, one case, the forms that propose and correct."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BeforeValidator
from sqlmodel import Session
from starlette.responses import Response

from auth.guard import Authorized
from auth.once import OnceDep
from catalog.elements.models import DataElement
from catalog.elements.service import versions
from catalog.proposals import lifecycle, repository
from catalog.proposals.access import (
    AnswerableProposal,
    ChangeableElement,
    ChangeableElementSeen,
    DecidableProposal,
    MendableProposal,
    MendableProposalSeen,
    ProposalReader,
    Proposer,
    ReadableProposal,
)
from catalog.proposals.forms import listed
from catalog.proposals.models import ElementProposal
from catalog.proposals.schemas import (
    EndingCreate,
    OpinionCreate,
    ProposalCreate,
    ProposalDecision,
    ProposalRevision,
)
from catalog.proposals.service import deciding, filing
from catalog.proposals.views import (
    ContentPage,
    EndingPage,
    ProposalPage,
    ProposalsPage,
    content_page,
    ending_page,
    form_of,
    proposal_page,
    proposals_page,
)
from catalog.proposals.words import ProposalOutcome, ProposalStatus
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep
from shuqiao.web.paths import own_path

router = PageRouter()

_NEW: Final = "/elements/new"
#: Where the form of a new element begins with what another page knows already.
Prefilled = Annotated[str, Query(max_length=4_000)]


def new_page(form: Form) -> ContentPage:
    """A new element; where the reader came from is kept in the form."""
    return content_page(form, _NEW, back=_back(form.text("next")))


def change_page(found: Authorized[DataElement], form: Form) -> ContentPage:
    name = found.object.identifier
    return content_page(form, f"/elements/{name}/change", element=name)


def end_page(found: Authorized[DataElement], session: Session, form: Form) -> EndingPage:
    element = found.object
    return ending_page(session, element, form, f"/elements/{element.identifier}/end")


def revision_page(
    found: Authorized[ElementProposal], session: Session, form: Form
) -> ContentPage | EndingPage:
    proposal = found.object
    element = repository.element_of(session, proposal)
    action = f"/element-proposals/{proposal.proposal_no}/revision"
    if not proposal.kind.has_content:
        return ending_page(session, element, form, action, version=proposal.version)
    return content_page(form, action, version=proposal.version, element=element.identifier)


@router.page("/element-proposals")
def index(
    subject: ProposalReader,
    session: ReadSessionDep,
    wanted: PageDep,
    status: Annotated[
        ProposalStatus | None, BeforeValidator(lambda value: value or None), Query()
    ] = None,
) -> ProposalsPage:
    """Proposals for the standards, the newest first."""
    return proposals_page(session, subject, wanted, status)


@router.page("/elements/new")
def new(
    subject: Proposer,
    name: Prefilled = "",
    data_type: Prefilled = "",
    definition: Prefilled = "",
    next: Prefilled = "",
) -> ContentPage:
    """The form of a new element, filled with what another page knows; it leads back there."""
    known = {"name": name, "data_type": data_type, "definition": definition, "next": next}
    return new_page(Form.of({**known, "sourcing": "authoritative"}))


@router.form("/elements/new", again=new_page)
def propose(subject: Proposer, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = listed(form.without("next")).parse(ProposalCreate)
    made = filing.propose(session, subject, None, body)
    done = {"done": lifecycle.PROPOSE.word, "next": _back(form.text("next"))}
    return once.go_to(f"/element-proposals/{made.proposal_no}?{urlencode(done)}")


@router.page("/elements/{identifier}/change")
def change(found: ChangeableElementSeen, session: ReadSessionDep) -> ContentPage:
    """The form of the next version, filled with the one in force."""
    return change_page(found, form_of(versions.content_of(session, found.object)))


@router.form("/elements/{identifier}/change", again=change_page)
def propose_change(
    found: ChangeableElement, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = listed(form).parse(ProposalCreate)
    return _gone_on(once, filing.propose(session, found.subject, found.object, body))


@router.page("/elements/{identifier}/end")
def end(found: ChangeableElementSeen, session: ReadSessionDep) -> EndingPage:
    """The form that proposes the end of an element, with what it would mean."""
    return end_page(found, session, Form())


@router.form("/elements/{identifier}/end", again=end_page)
def propose_end(
    found: ChangeableElement, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = form.parse(EndingCreate)
    return _gone_on(once, filing.propose_ending(session, found.subject, found.object, body))


@router.page("/element-proposals/{no}")
def one(
    found: ReadableProposal,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
    next: Prefilled = "",
) -> ProposalPage:
    """One proposal, and what the reader may do about it."""
    return proposal_page(session, found, Form(), done, back=_back(next))


@router.page("/element-proposals/{no}/revision")
def revision(found: MendableProposalSeen, session: ReadSessionDep) -> ContentPage | EndingPage:
    """The form that corrects a returned proposal."""
    proposal = found.object
    if not proposal.kind.has_content:
        known = repository.identifiers(session, [proposal.successor_id])
        successor = known[proposal.successor_id] if proposal.successor_id else None
        carries = {"carries_sources": "true"} if proposal.carries_sources else {}
        filled = Form.of({"successor": successor, "reason": proposal.reason, **carries})
        return revision_page(found, session, filled)
    said = ProposalRevision.model_validate(
        {**(proposal.content or {}), "reason": proposal.reason}, strict=False
    )
    return revision_page(found, session, form_of(said, proposal.reason))


@router.form("/element-proposals/{no}/revision", again=revision_page)
def revise(found: MendableProposal, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body: ProposalRevision | EndingCreate
    if found.object.kind.has_content:
        body = listed(form).parse(ProposalRevision)
    else:
        body = form.parse(EndingCreate)
    changed = filing.mend(session, found.subject, found.object, body, form.version)
    return once.go_to(_page(changed, lifecycle.MEND.word))


@router.form("/element-proposals/{no}/hearings", again=proposal_page)
def record(found: DecidableProposal, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    changed = deciding.record(session, found.subject, found.object, form.version)
    return once.go_to(_page(changed, lifecycle.RECORD.word))


@router.form("/element-proposals/{no}/opinions", again=proposal_page)
def answer(
    found: AnswerableProposal, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    deciding.answer(session, found.subject, found.object, form.parse(OpinionCreate))
    return once.go_to(_page(found.object, lifecycle.ANSWER.word))


@router.form("/element-proposals/{no}/decisions", again=proposal_page)
def decide(found: DecidableProposal, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = form.parse(ProposalDecision)
    changed = deciding.decide(session, found.subject, found.object, body, form.version)
    is_published = body.outcome is ProposalOutcome.PUBLISHED
    step = lifecycle.PUBLISH if is_published else lifecycle.RETURN
    return once.go_to(_page(changed, step.word))


@router.form("/element-proposals/{no}/withdrawals", again=proposal_page)
def withdraw(
    found: MendableProposal, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    changed = deciding.withdraw(session, found.subject, found.object, form.version)
    return once.go_to(_page(changed, lifecycle.WITHDRAW.word))


def _back(sent: str) -> str:
    """A page of this service to go back to; empty where none was named."""
    return own_path(sent) if sent else ""


def _gone_on(once: OnceDep, made: ElementProposal) -> Response:
    return once.go_to(_page(made, lifecycle.PROPOSE.word))


def _page(proposal: ElementProposal, done: str) -> str:
    return f"/element-proposals/{proposal.proposal_no}?done={done}"
