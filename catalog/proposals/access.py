"""From the address to the proposal, and who may propose what."""

from typing import Annotated

from fastapi import Depends, Path

from auth.guard import Authorized, authorize, may, may_list
from auth.identify import SubjectDep
from catalog.elements import repository as elements
from catalog.elements.access import by_identifier
from catalog.elements.models import DataElement
from catalog.proposals import repository
from catalog.proposals.models import ElementProposal
from catalog.proposals.views import new_element
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

ProposalNo = Annotated[
    str, Path(max_length=20, description="Public number, for example EP-2026-000123")
]


def to_change(no: ProposalNo, session: SessionDep) -> ElementProposal:
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def to_read(no: ProposalNo, session: ReadSessionDep) -> ElementProposal:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


def to_end(identifier: str, session: SessionDep) -> DataElement:
    found = elements.by_identifier(session, identifier, lock=True)
    if found is None:
        raise NotFound
    return found


def may_propose(subject: SubjectDep) -> Subject:
    """Whoever may propose a new element of the own department."""
    return authorize(subject, Action.ELEMENT_PROPOSE, new_element(subject))


# Read by the test that every route is guarded.
may_propose.__guards__ = Action.ELEMENT_PROPOSE  # type: ignore[attr-defined]

ProposalReader = Annotated[Subject, may_list(Action.PROPOSAL_READ)]
Proposer = Annotated[Subject, Depends(may_propose)]
ReadableProposal = Annotated[Authorized[ElementProposal], may(Action.PROPOSAL_READ, to_read)]
MendableProposal = Annotated[Authorized[ElementProposal], may(Action.PROPOSAL_MEND, to_change)]
#: "Seen": for the page with the form.
MendableProposalSeen = Annotated[Authorized[ElementProposal], may(Action.PROPOSAL_MEND, to_read)]
AnswerableProposal = Annotated[Authorized[ElementProposal], may(Action.PROPOSAL_ANSWER, to_change)]
DecidableProposal = Annotated[Authorized[ElementProposal], may(Action.PROPOSAL_DECIDE, to_change)]
ChangeableElement = Annotated[Authorized[DataElement], may(Action.ELEMENT_PROPOSE, to_end)]
ChangeableElementSeen = Annotated[
    Authorized[DataElement], may(Action.ELEMENT_PROPOSE, by_identifier)
]
