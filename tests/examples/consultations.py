"""Examples of consultations, filings and the termination of a grant."""

from typing import Any

from fixtures.example import CONSULTATION, GRANT, Example, sample

from exchange.consultations.schemas import Conclusion, FilingMade, SideStatement
from exchange.grants.schemas import Termination


def _termination(world: Any) -> dict[str, Any]:
    numbers = {"consultation_no": world.consultation_no, "filing_no": world.filing_no}
    return {**sample(Termination), **numbers}


_LIST = Example(world="struck_grant", who="applicant", visibility="parties")
_SHOW = Example(
    world="struck_grant",
    who="applicant",
    visibility="parties",
    stranger="stranger",
    path=CONSULTATION,
)
_STATE = Example(
    world="struck_grant",
    who="applicant",
    visibility="parties",
    forbidden="provider_head",
    stranger="stranger",
    path=CONSULTATION,
    body=sample(SideStatement),
    event="exchange:consultation:stated",
)
_CONCLUDE = Example(
    world="heard_consultation",
    who="approver",
    visibility="parties",
    forbidden="applicant",
    stranger="stranger",
    path=CONSULTATION,
    body=sample(Conclusion),
    if_match=True,
    event="exchange:consultation:concluded",
)
_FILE = Example(
    world="heard_consultation",
    who="provider_head",
    visibility="parties",
    forbidden="approver",
    stranger="stranger",
    path=CONSULTATION,
    body=sample(FilingMade),
    event="exchange:filing:filed",
)
_TERMINATE = Example(
    world="terminable_grant",
    who="provider_head",
    visibility="parties",
    forbidden="approver",
    stranger="stranger",
    path=GRANT,
    body=_termination,
    if_match=True,
    event="exchange:grant:terminated",
)

EXAMPLES = {
    "consultations_of_grant": Example(
        world="struck_grant",
        who="applicant",
        visibility="parties",
        stranger="stranger",
        path=GRANT,
    ),
    "consultations_list": _LIST,
    "GET /consultations": _LIST,
    "consultations_show": _SHOW,
    "GET /consultations/{no}": _SHOW,
    "consultations_state": _STATE,
    "POST /consultations/{no}/statements": _STATE,
    "consultations_conclude": _CONCLUDE,
    "POST /consultations/{no}/conclusions": _CONCLUDE,
    "consultations_file": _FILE,
    "POST /consultations/{no}/filings": _FILE,
    "grants_terminate": _TERMINATE,
    "POST /grants/{no}/terminations": _TERMINATE,
    "GET /grants/{no}/termination": Example(
        world="terminable_grant",
        who="provider_head",
        visibility="parties",
        forbidden="approver",
        stranger="stranger",
        path=GRANT,
    ),
}
