"""Examples of demands: filed, claimed, assigned, answered, contested, merged, ended."""

from dataclasses import replace

from fixtures.demanding import EDUCATION, REFUSAL
from fixtures.example import DEMAND, Example, sample

from catalog.demand.schemas import (
    DemandClose,
    DemandCreate,
    DemandReason,
    DemandSettle,
)

_LIST = Example(world="filed_demand", who="applicant", visibility="parties")
_SHOW = replace(_LIST, path=DEMAND, stranger="stranger")
_FIGURES = replace(_LIST, query={"month": "2026-02"})
_FORM = Example(
    world="published_resource",
    who="applicant",
    visibility="all_departments",
    forbidden="approver",
)
_FILE = replace(_FORM, body=sample(DemandCreate), event="catalog:demand:filed")
_STEP = replace(_SHOW, if_match=True)
_CLAIM = replace(
    _STEP,
    world="proposed_demand",
    who="provider_head",
    forbidden="approver",
    event="catalog:demand:claimed",
)
_ASSIGN = replace(
    _STEP,
    who="data_admin",
    forbidden="applicant",
    body={"provider": EDUCATION, "reason": "职责依据明确。"},
    event="catalog:demand:assigned",
)
_MERGE = replace(
    _ASSIGN,
    world="two_demands",
    stranger="approver",
    body=lambda world: {"into": world.other_demand_no},
    event="catalog:demand:merged",
)
_ANSWER = replace(
    _STEP,
    world="claimed_demand",
    who="provider_head",
    forbidden="approver",
    body=REFUSAL,
    event="catalog:demand:refused",
)
_CONTEST = replace(
    _STEP,
    world="refused_demand",
    forbidden="provider_head",
    body=sample(DemandReason),
    event="catalog:demand:contested",
)
_SETTLE = replace(
    _STEP,
    world="contested_demand",
    who="data_admin",
    forbidden="applicant",
    body=sample(DemandSettle),
    event="catalog:demand:sent_back",
)
_CLOSE = replace(
    _STEP,
    world="answered_demand",
    forbidden="provider_head",
    body=sample(DemandClose),
    event="catalog:demand:closed",
)
_WITHDRAW = replace(
    _STEP,
    forbidden="data_admin",
    body=sample(DemandReason),
    event="catalog:demand:withdrawn",
)
_PAGE = "POST /demands/{no}"

EXAMPLES = {
    "demands_list": _LIST,
    "GET /demands": _LIST,
    "demands_figures": _FIGURES,
    "GET /demands/figures": _FIGURES,
    "GET /demands/figures/export": _FIGURES,
    "GET /demands/new": _FORM,
    "demands_file": _FILE,
    "POST /demands/new": _FILE,
    "POST /demands/new/draft": replace(_FILE, event=None),
    "demands_show": _SHOW,
    "GET /demands/{no}": _SHOW,
    "demands_candidates": _SHOW,
    "demands_claim": _CLAIM,
    f"{_PAGE}/claims": _CLAIM,
    "demands_assign": _ASSIGN,
    f"{_PAGE}/assignments": _ASSIGN,
    "demands_merge": _MERGE,
    f"{_PAGE}/mergers": _MERGE,
    "demands_answer": _ANSWER,
    f"{_PAGE}/answers": _ANSWER,
    "demands_contest": _CONTEST,
    f"{_PAGE}/contests": _CONTEST,
    "demands_settle": _SETTLE,
    f"{_PAGE}/settlements": _SETTLE,
    "demands_close": _CLOSE,
    f"{_PAGE}/closings": _CLOSE,
    "demands_withdraw": _WITHDRAW,
    f"{_PAGE}/withdrawals": _WITHDRAW,
}
