"""HTTP of decisions."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.once import OnceDep
from exchange.approvals import service
from exchange.approvals.access import AnswerableRequest, ReleasableRequest
from exchange.approvals.schemas import Decided, Release, Reply
from exchange.approvals.views.steps import decision_fields
from exchange.requests.models import ShareRequest
from exchange.requests.views.request import read_model
from shuqiao.db import SessionDep
from shuqiao.subject import Subject
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["decisions"], route_class=StrictRoute)


@router.post(
    "/requests/{no}/decisions",
    status_code=201,
    operation_id="requests_decide",
    summary="Prepare the reply to a request",
)
def decide(
    found: AnswerableRequest,
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
def release(
    found: ReleasableRequest,
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
