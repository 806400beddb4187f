"""Examples of proposals for the standards."""

from dataclasses import replace

from fixtures.example import PROPOSAL, Example, sample

from catalog.proposals.schemas import (
    EndingCreate,
    OpinionCreate,
    ProposalCreate,
    ProposalDecision,
    ProposalRevision,
)

_ELEMENT = {"identifier": lambda world: world.element_identifier}
_LIST = Example(world="heard_change", who="applicant", visibility="all_departments")
_SHOW = Example(
    world="proposed_change",
    who="consumer_registrar",
    visibility="owner",
    stranger="registrar",
    path=PROPOSAL,
)
_PROPOSE = Example(
    world="accounts",
    who="registrar",
    visibility="all_departments",
    forbidden="applicant",
    body=sample(ProposalCreate),
    event="catalog:proposal:filed",
)
_CHANGE = Example(
    world="adopted_element",
    who="registrar",
    visibility="all_departments",
    forbidden="applicant",
    path=_ELEMENT,
    body=sample(ProposalRevision),
    event="catalog:proposal:filed",
)
_END = replace(_CHANGE, body=sample(EndingCreate))
_RECORD = Example(
    world="proposed_change",
    who="data_admin",
    visibility="owner",
    forbidden="consumer_registrar",
    stranger="registrar",
    path=PROPOSAL,
    if_match=True,
    event="catalog:proposal:recorded",
)
_ANSWER = Example(
    world="heard_change",
    who="registrar",
    visibility="all_departments",
    forbidden="applicant",
    path=PROPOSAL,
    body=sample(OpinionCreate),
    event="catalog:proposal:answered",
)
_DECIDE = Example(
    world="heard_change",
    who="data_admin",
    visibility="all_departments",
    forbidden="consumer_registrar",
    path=PROPOSAL,
    body=sample(ProposalDecision),
    if_match=True,
    event="catalog:proposal:returned",
)
_WITHDRAW = Example(
    world="proposed_change",
    who="consumer_registrar",
    visibility="owner",
    forbidden="data_admin",
    stranger="registrar",
    path=PROPOSAL,
    if_match=True,
    event="catalog:proposal:withdrawn",
)
_REVISE = Example(
    world="returned_proposal",
    who="consumer_registrar",
    visibility="all_departments",
    forbidden="data_admin",
    path=PROPOSAL,
    body=sample(ProposalRevision),
    if_match=True,
    event="catalog:proposal:mended",
)
_REVISE_ENDING = replace(_REVISE, world="returned_ending", body=sample(EndingCreate))


def _form(example: Example) -> Example:
    """The page with the form that sends ``example``."""
    return replace(example, body=None, if_match=False, event=None)


EXAMPLES = {
    "element_proposals_list": _LIST,
    "GET /element-proposals": _LIST,
    "element_proposals_show": _SHOW,
    "GET /element-proposals/{no}": _SHOW,
    "element_proposals_file": _PROPOSE,
    "GET /elements/new": _form(_PROPOSE),
    "POST /elements/new": _PROPOSE,
    "GET /elements/{identifier}/change": _form(_CHANGE),
    "POST /elements/{identifier}/change": _CHANGE,
    "element_proposals_end": _END,
    "GET /elements/{identifier}/end": _form(_END),
    "POST /elements/{identifier}/end": _END,
    "element_proposals_record": _RECORD,
    "POST /element-proposals/{no}/hearings": _RECORD,
    "element_proposals_answer": _ANSWER,
    "POST /element-proposals/{no}/opinions": _ANSWER,
    "element_proposals_decide": _DECIDE,
    "POST /element-proposals/{no}/decisions": _DECIDE,
    "element_proposals_withdraw": _WITHDRAW,
    "POST /element-proposals/{no}/withdrawals": _WITHDRAW,
    "element_proposals_revise": _REVISE,
    "GET /element-proposals/{no}/revision": _form(_REVISE),
    "POST /element-proposals/{no}/revision": _REVISE,
    "element_proposals_revise_ending": _REVISE_ENDING,
}
