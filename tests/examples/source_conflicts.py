"""Examples of source conflicts: opened, stated, decided, reviewed, withdrawn."""

from dataclasses import replace

from fixtures.example import CONFLICT, ELEMENT, Example, sample

from catalog.conflicts.schemas import (
    ConflictDecision,
    ConflictOpen,
    OpinionCreate,
    Referral,
    ReviewDecision,
    ReviewPlea,
    StatementCreate,
)

_OPEN = Example(
    world="named_source",
    who="consumer_registrar",
    visibility="all_departments",
    forbidden="applicant",
    path=ELEMENT,
    body=sample(ConflictOpen),
    event="catalog:source_conflict:opened",
)
_FORM = replace(_OPEN, body=None, event=None)
_LIST = Example(world="opened_conflict", who="consumer_registrar", visibility="parties")
_SHOW = replace(_LIST, stranger="stranger", path=CONFLICT)
_STATE = replace(
    _SHOW,
    who="provider_head",
    forbidden="consumer_registrar",
    body=sample(StatementCreate),
    event="catalog:source_conflict:stated",
)
_OPINION = replace(
    _SHOW,
    who="data_admin",
    forbidden="provider_head",
    body=sample(OpinionCreate),
    event="catalog:source_conflict:opinion_attached",
)
_DECIDE = replace(
    _OPINION,
    world="heard_conflict",
    body=sample(ConflictDecision),
    event="catalog:source_conflict:decided",
)
_REFER = replace(
    _OPINION,
    world="elsewhere_conflict",
    body=sample(Referral),
    event="catalog:source_conflict:referred",
)
_WITHDRAW = replace(
    _SHOW,
    who="consumer_head",
    forbidden="data_admin",
    event="catalog:source_conflict:withdrawn",
)
_ASK = replace(
    _WITHDRAW,
    world="decided_conflict",
    body=sample(ReviewPlea),
    event="catalog:source_conflict:review_asked",
)
_REVIEW = replace(
    _SHOW,
    world="appealed_conflict",
    who="second_admin",
    forbidden="data_admin",
    body=sample(ReviewDecision),
    event="catalog:source_conflict:upheld",
)
_PAGE = "POST /source-conflicts/{no}"

EXAMPLES = {
    "source_conflicts_open": _OPEN,
    "GET /elements/{identifier}/source-conflicts/new": _FORM,
    "POST /elements/{identifier}/source-conflicts": _OPEN,
    "source_conflicts_list": _LIST,
    "GET /source-conflicts": _LIST,
    "source_conflicts_show": _SHOW,
    "GET /source-conflicts/{no}": _SHOW,
    "source_conflicts_state": _STATE,
    f"{_PAGE}/statements": _STATE,
    "source_conflicts_attach_opinion": _OPINION,
    f"{_PAGE}/opinions": _OPINION,
    "source_conflicts_decide": _DECIDE,
    f"{_PAGE}/decisions": _DECIDE,
    "source_conflicts_refer": _REFER,
    f"{_PAGE}/referrals": _REFER,
    "source_conflicts_withdraw": _WITHDRAW,
    f"{_PAGE}/withdrawals": _WITHDRAW,
    "source_conflicts_ask_review": _ASK,
    f"{_PAGE}/review-requests": _ASK,
    "source_conflicts_review": _REVIEW,
    f"{_PAGE}/reviews": _REVIEW,
}
