"""HTTP of decisions."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.guard import Authorized, may
from auth.once import OnceDep
from exchange.approvals import service
from exchange.approvals.schemas import Decided, Release, Reply
from exchange.approvals.views.steps import decision_fields
from exchange.requests.access import to_change
from exchange.requests.models import ShareRequest
from exchange.requests.views.request import read_model
from policies.actions import Action
from shuqiao.db import SessionDep
from shuqiao.subject import Subject
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.examples import Example, example
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["decisions"], route_class=StrictRoute)


def _reply(world: Any) -> dict[str, Any]:
    return {
        "items": [{"item_id": str(item), "outcome": "granted"} for item in world.item_ids],
        "remark": "同意",
    }


@router.post(
    "/requests/{no}/decisions",
    status_code=201,
    operation_id="requests_decide",
    summary="Prepare the reply to a request",
)
@example(
    Example(
        world="submitted_request",
        who="approver",
        success=201,
        visibility="parties",
        stranger="stranger",
        forbidden="provider_head",
        path={"no": lambda world: world.request_no},
        if_match=True,
        body=_reply,
        event="exchange:request:reply_prepared",
    )
)
def decide(
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_PREPARE_REPLY, to_change)],
    body: Reply,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> Decided:
    service.prepare(session, found.subject, found.object, version, body)
    return once.keep(_decided(session, found.subject, found.object, response))


@router.post(
    "/requests/{no}/releases",
    status_code=201,
    operation_id="requests_release",
    summary="Release the prepared reply, or send it back",
)
@example(
    Example(
        world="prepared_request",
        who="provider_head",
        success=201,
        visibility="parties",
        stranger="stranger",
        forbidden="approver",
        path={"no": lambda world: world.request_no},
        if_match=True,
        body={"outcome": "released"},
        event="exchange:grant:issued",
    )
)
def release(
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_RELEASE, to_change)],
    body: Release,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> Decided:
    step = service.release if body.outcome == "released" else service.send_back
    step(session, found.subject, found.object, version, body.remark)
    return once.keep(_decided(session, found.subject, found.object, response))


def _decided(
    session: Session, subject: Subject, request: ShareRequest, response: Response
) -> Decided:
    response.headers["ETag"] = etag(request.version)
    fields = read_model(session, request).model_dump() | decision_fields(session, subject, request)
    return Decided(**fields, **receipt(session))
