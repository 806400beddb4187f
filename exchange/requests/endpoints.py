"""HTTP of share requests."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.guard import Authorized, may
from auth.identify import SubjectDep
from auth.once import OnceDep
from catalog.resources.models import DataResource
from exchange.requests import repository, service
from exchange.requests.access import by_code, to_change, to_read
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import (
    ConsentGiven,
    Remark,
    RequestAnswers,
    RequestCreate,
    RequestRead,
    RequestRecorded,
)
from exchange.requests.views.request import read_model
from exchange.requests.words import RequestStatus
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.examples import Example, example
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["requests"], route_class=StrictRoute)


def wanted_resource(body: RequestCreate, session: SessionDep) -> DataResource:
    """The resource asked for; both spellings of its code."""
    return by_code(session, body.resource_code)


_FIVE = {
    "basis": "《中华人民共和国户口登记条例》第三条",
    "scenario": "核对学龄人口就学情况",
    "scope": "治安管理支队内部使用",
    "share_way": "batch",
    "until": "2026-12-31",
}


def _body(world: Any) -> dict[str, Any]:
    return {
        "resource_code": world.resource_code,
        "item_ids": [str(item) for item in world.item_ids],
        **_FIVE,
    }


@router.post(
    "/requests", status_code=201, operation_id="requests_create", summary="Draft a share request"
)
@example(
    Example(
        world="published_resource",
        who="applicant",
        success=201,
        visibility="all_departments",
        forbidden="registrar",
        event="exchange:request:created",
        body=_body,
    )
)
def create(
    found: Annotated[Authorized[DataResource], may(Action.REQUEST_CREATE, wanted_resource)],
    body: RequestCreate,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> RequestRecorded:
    request = service.create(session, found.subject, found.object, body)
    response.headers["Location"] = f"/api/v1/requests/{request.request_no}"
    return once.keep(_recorded(session, request, response))


@router.get("/requests", operation_id="requests_list", summary="Requests I may see")
@example(Example(world="draft_request", who="applicant", success=200, visibility="parties"))
def list_requests(
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    status: RequestStatus | None = None,
) -> Page[RequestRead]:
    rows, following = repository.page(session, subject, wanted, status)
    return Page(items=[read_model(session, row) for row in rows], next=following)


@router.get("/requests/{no}", operation_id="requests_show", summary="Show a request")
@example(
    Example(
        world="submitted_request",
        who="approver",
        success=200,
        visibility="parties",
        stranger="stranger",
        path={"no": lambda world: world.request_no},
    )
)
def show(
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_READ, to_read)],
    session: ReadSessionDep,
    response: Response,
) -> RequestRead:
    response.headers["ETag"] = etag(found.object.version)
    return read_model(session, found.object)


@router.put(
    "/requests/{no}", operation_id="requests_edit", summary="Change a draft, also a returned one"
)
@example(
    Example(
        world="draft_request",
        who="applicant",
        success=200,
        visibility="parties",
        stranger="stranger",
        forbidden="consumer_head",
        path={"no": lambda world: world.request_no},
        if_match=True,
        event="exchange:request:edited",
        body=lambda world: {"item_ids": [str(world.item_ids[0])], **_FIVE},
    )
)
def edit(
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_EDIT, to_change)],
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
@example(
    Example(
        world="draft_request",
        who="applicant",
        success=201,
        visibility="parties",
        stranger="stranger",
        forbidden="consumer_head",
        path={"no": lambda world: world.request_no},
        if_match=True,
        event="exchange:request:consent_asked",
    )
)
def submit(
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_SUBMIT, to_change)],
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
@example(
    Example(
        world="asked_request",
        who="consumer_head",
        success=201,
        visibility="parties",
        stranger="stranger",
        forbidden="applicant",
        path={"no": lambda world: world.request_no},
        if_match=True,
        body={"outcome": "consented"},
        event="exchange:request:submitted",
    )
)
def consent(
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_CONSENT, to_change)],
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
@example(
    Example(
        world="submitted_request",
        who="applicant",
        success=201,
        visibility="parties",
        stranger="stranger",
        forbidden="consumer_head",
        path={"no": lambda world: world.request_no},
        if_match=True,
        body={"remark": "业务调整，不再需要"},
        event="exchange:request:withdrawn",
    )
)
def withdraw(
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_WITHDRAW, to_change)],
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
