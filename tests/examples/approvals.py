"""Examples of answering requests."""

from typing import Any

from fixtures.example import REQUEST, Example, sample

from exchange.approvals.schemas import Release, Reply

_RELEASE = Example(
    world="prepared_request",
    who="provider_head",
    visibility="parties",
    forbidden="approver",
    stranger="stranger",
    path=REQUEST,
    body=sample(Release),
    if_match=True,
    event="exchange:grant:issued",
)


def _reply(world: Any) -> dict[str, Any]:
    items = [{"item_id": str(item), "outcome": "granted"} for item in world.item_ids]
    return {**sample(Reply), "items": items}


def _reply_in_form(world: Any) -> dict[str, Any]:
    return {f"items.{place}.outcome": "granted" for place in range(len(world.item_ids))}


EXAMPLES = {
    "requests_decide": Example(
        world="submitted_request",
        who="approver",
        visibility="parties",
        forbidden="provider_head",
        stranger="stranger",
        path=REQUEST,
        body=_reply,
        if_match=True,
        event="exchange:request:reply_prepared",
    ),
    "requests_release": _RELEASE,
    "POST /requests/{no}/releases": _RELEASE,
    "GET /requests/{no}/decision": Example(
        world="submitted_request",
        who="approver",
        visibility="parties",
        forbidden="applicant",
        stranger="stranger",
        path=REQUEST,
    ),
    "POST /requests/{no}/decision": Example(
        world="submitted_request",
        who="approver",
        visibility="parties",
        forbidden="applicant",
        stranger="stranger",
        path=REQUEST,
        body=_reply_in_form,
        if_match=True,
    ),
    "POST /requests/{no}/decisions": Example(
        world="submitted_request",
        who="approver",
        visibility="parties",
        forbidden="provider_head",
        stranger="stranger",
        path=REQUEST,
        body=_reply_in_form,
        if_match=True,
        event="exchange:request:reply_prepared",
    ),
    "GET /tasks": Example(world="submitted_request", who="approver", visibility="self"),
}
