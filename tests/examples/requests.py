"""Examples of share requests."""

from typing import Any

from fixtures.example import REQUEST, Example, sample

from exchange.requests.schemas import ConsentGiven, Remark, RequestAnswers, RequestCreate


def _created(world: Any) -> dict[str, Any]:
    items = [str(item) for item in world.item_ids]
    return {**sample(RequestCreate), "resource_code": world.resource_code, "item_ids": items}


def _edited(world: Any) -> dict[str, Any]:
    return {**sample(RequestAnswers), "item_ids": [str(world.item_ids[0])]}


_CREATE = Example(
    world="published_resource",
    who="applicant",
    visibility="all_departments",
    forbidden="registrar",
    body=_created,
    event="exchange:request:created",
)
_LIST = Example(world="draft_request", who="applicant", visibility="parties")
_SHOW = Example(
    world="submitted_request",
    who="approver",
    visibility="parties",
    stranger="stranger",
    path=REQUEST,
)
_EDIT = Example(
    world="draft_request",
    who="applicant",
    visibility="parties",
    forbidden="consumer_head",
    stranger="stranger",
    path=REQUEST,
    body=_edited,
    if_match=True,
    event="exchange:request:edited",
)
_SUBMIT = Example(
    world="draft_request",
    who="applicant",
    visibility="parties",
    forbidden="consumer_head",
    stranger="stranger",
    path=REQUEST,
    if_match=True,
    event="exchange:request:consent_asked",
)
_CONSENT = Example(
    world="asked_request",
    who="consumer_head",
    visibility="parties",
    forbidden="applicant",
    stranger="stranger",
    path=REQUEST,
    body=sample(ConsentGiven),
    if_match=True,
    event="exchange:request:submitted",
)
_WITHDRAW = Example(
    world="submitted_request",
    who="applicant",
    visibility="parties",
    forbidden="consumer_head",
    stranger="stranger",
    path=REQUEST,
    body=sample(Remark),
    if_match=True,
    event="exchange:request:withdrawn",
)
_DRAFT_PAGE = Example(
    world="draft_request",
    who="applicant",
    visibility="parties",
    forbidden="consumer_head",
    stranger="stranger",
    path=REQUEST,
)

EXAMPLES = {
    "requests_create": _CREATE,
    "POST /requests/new": _CREATE,
    "requests_list": _LIST,
    "GET /requests": _LIST,
    "requests_show": _SHOW,
    "GET /requests/{no}": _SHOW,
    "requests_edit": _EDIT,
    "POST /requests/{no}/edit": _EDIT,
    "requests_submit": _SUBMIT,
    "POST /requests/{no}/submissions": _SUBMIT,
    "requests_consent": _CONSENT,
    "POST /requests/{no}/consents": _CONSENT,
    "requests_withdraw": _WITHDRAW,
    "POST /requests/{no}/withdrawals": _WITHDRAW,
    "GET /requests/{no}/check": _DRAFT_PAGE,
    "GET /requests/{no}/edit": _DRAFT_PAGE,
    "GET /requests/new": Example(
        world="published_resource",
        who="applicant",
        visibility="all_departments",
        forbidden="registrar",
        query={"resource": lambda world: world.resource_code},
    ),
    "POST /requests/new/draft": Example(
        world="published_resource",
        who="applicant",
        visibility="all_departments",
        forbidden="registrar",
        body=lambda world: {"resource_code": world.resource_code, "basis": "依据"},
    ),
    "POST /requests/{no}/edit/draft": Example(
        world="draft_request",
        who="applicant",
        visibility="parties",
        forbidden="consumer_head",
        stranger="stranger",
        path=REQUEST,
        body={"basis": "依据"},
    ),
    "GET /requests/{no}/withdrawal": Example(
        world="submitted_request",
        who="applicant",
        visibility="parties",
        forbidden="consumer_head",
        stranger="stranger",
        path=REQUEST,
    ),
}
