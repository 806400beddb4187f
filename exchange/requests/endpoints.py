"""HTTP of share requests."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.once import OnceDep
from exchange.requests import repository, service
from exchange.requests.access import (
    ConsentableRequest,
    EditableRequest,
    ReadableRequest,
    RequestableResourceOfBody,
    RequestReader,
    SubmittableRequest,
    WithdrawableRequest,
)
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import (
    ConsentGiven,
    Remark,
    RequestAnswers,
    RequestCreate,
    RequestRead,
    RequestRecorded,
    RequestShown,
)
from exchange.requests.views.request import read_model, read_models
from exchange.requests.views.shown import shown
from exchange.requests.words import RequestStatus
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["requests"], route_class=StrictRoute)


@router.post(
    "/requests", status_code=201, operation_id="requests_create", summary="Draft a share request"
)
def create(
    found: RequestableResourceOfBody,
    body: RequestCreate,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> RequestRecorded:
    request = service.create(session, found.subject, found.object, body)
    response.headers["Location"] = f"/api/v1/requests/{request.request_no}"
    return once.keep(_recorded(session, request, response))


@router.get("/requests", operation_id="requests_list", summary="Requests I may see")
def list_requests(
    subject: RequestReader,
    session: ReadSessionDep,
    wanted: PageDep,
    status: RequestStatus | None = None,
) -> Page[RequestRead]:
    rows, following = repository.page(session, subject, wanted, status)
    return Page(items=read_models(session, rows), next=following)


@router.get("/requests/{no}", operation_id="requests_show", summary="Show a request")
def show(found: ReadableRequest, session: ReadSessionDep, response: Response) -> RequestShown:
    response.headers["ETag"] = etag(found.object.version)
    return shown(session, found.subject, found.object)


@router.put(
    "/requests/{no}", operation_id="requests_edit", summary="Change a draft, also a returned one"
)
def edit(
    found: EditableRequest,
    body: RequestAnswers,
    session: SessionDep,
    version: IfMatchDep,
    response: Response,
) -> RequestRecorded:
    request = service.edit(session, found.subject, found.object, version, body)
    return _recorded(session, request, response)


@router.post(
    "/requests/{no}/submissions",
    status_code=201,
    operation_id="requests_submit",
    summary="Ask the own sharing head for consent",
)
def submit(
    found: SubmittableRequest,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> RequestRecorded:
    request = service.ask_consent(session, found.subject, found.object, version)
    return once.keep(_recorded(session, request, response))


@router.post(
    "/requests/{no}/consents",
    status_code=201,
    operation_id="requests_consent",
    summary="Consent to the own department's request, or return it",
)
def consent(
    found: ConsentableRequest,
    body: ConsentGiven,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> RequestRecorded:
    step = service.consent if body.outcome == "consented" else service.return_to_applicant
    request = step(session, found.subject, found.object, version, body.remark)
    return once.keep(_recorded(session, request, response))


@router.post(
    "/requests/{no}/withdrawals",
    status_code=201,
    operation_id="requests_withdraw",
    summary="Withdraw a request",
)
def withdraw(
    found: WithdrawableRequest,
    body: Remark,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> RequestRecorded:
    request = service.withdraw(session, found.subject, found.object, version, body.remark)
    return once.keep(_recorded(session, request, response))


def _recorded(session: Session, request: ShareRequest, response: Response) -> RequestRecorded:
    response.headers["ETag"] = etag(request.version)
    return RequestRecorded(**read_model(session, request).model_dump(), **receipt(session))
