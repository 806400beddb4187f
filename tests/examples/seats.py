"""Examples of changes of seats, for the three administrators."""

from dataclasses import replace

from fixtures.example import SEAT, Example, sample

from auth.seats.schemas import SeatProposal, SeatRefusal

_LIST = Example(world="proposed_seat", who="audit_admin", visibility="owner", forbidden="applicant")
_SEEN = Example(
    world="proposed_seat", who="audit_admin", visibility="owner", stranger="head", path=SEAT
)
_PROPOSAL = Example(
    world="accounts",
    who="security_admin",
    visibility="owner",
    forbidden="audit_admin",
    stranger="registrar",
    path={"account": "applicant"},
    body=sample(SeatProposal),
    event="auth:seat:proposed",
)
_CONFIRMATION = Example(
    world="proposed_seat",
    who="security_admin",
    visibility="owner",
    forbidden="system_admin",
    stranger="head",
    path=SEAT,
    event="auth:seat:confirmed",
)
_REFUSAL = replace(_CONFIRMATION, body=sample(SeatRefusal), event="auth:seat:refused")

EXAMPLES = {
    "seat_changes_list": _LIST,
    "GET /admin/seat-changes": _LIST,
    "seat_changes_show": _SEEN,
    "GET /admin/seat-changes/{no}": _SEEN,
    "GET /admin/users/{account}/seat-changes/new": replace(_PROPOSAL, body=None, event=None),
    "seat_changes_propose": _PROPOSAL,
    "POST /admin/users/{account}/seat-changes": _PROPOSAL,
    "seat_changes_confirm": _CONFIRMATION,
    "POST /admin/seat-changes/{no}/confirmation": _CONFIRMATION,
    "seat_changes_refuse": _REFUSAL,
    "POST /admin/seat-changes/{no}/refusal": _REFUSAL,
}
