"""Pages of applying (申请): the list, the form of Order 809 Art. 20, one request and what can be done next."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth import accounts
from auth.guard import Authorized, is_allowed, may
from auth.identify import SubjectDep
from auth.once import Once, OnceDep
from auth.roles import Role
from catalog.resources.models import DataResource, ShareWay
from exchange.requests import repository, service
from exchange.requests.display import (
    DONE,
    FIELDS,
    TONES,
    asked_again,
    first_values,
    items_shown,
    rows_shown,
    waiting_rows,
)
from exchange.requests.lifecycle import WAITING_FOR, RequestStatus, RequestStep, next_statuses
from exchange.requests.models import ShareRequest
from exchange.requests.reading import read_model
from exchange.requests.schemas import ConsentGiven, Remark, RequestCreate
from exchange.requests.timeline import timeline
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk import clocks
from shuqiao.desk.due import due_of
from shuqiao.errors import Invalid, NotFound
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paging import PageDep
from shuqiao.web.panels import Panels

router = APIRouter()

#: What higher stages add to a request's page: the reply item by item, the grant.
panels: Panels[ShareRequest] = Panels()

RequestNo = Annotated[str, Path(max_length=20)]
_ACTIONS: Final[Mapping[RequestStep, Action]] = {
    RequestStep.ASK_CONSENT: Action.REQUEST_SUBMIT,
    RequestStep.CONSENT: Action.REQUEST_CONSENT,
    RequestStep.WITHDRAW: Action.REQUEST_WITHDRAW,
    RequestStep.PREPARE_REPLY: Action.REQUEST_PREPARE_REPLY,
    RequestStep.RELEASE: Action.REQUEST_RELEASE,
}


def to_read(no: RequestNo, session: ReadSessionDep) -> ShareRequest:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


def to_change(no: RequestNo, session: SessionDep) -> ShareRequest:
    """The request, locked: steps of one case follow each other."""
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def resource_named(
    session: ReadSessionDep, resource: Annotated[str, Query(max_length=40, description="Resource code")] = ""
) -> DataResource:
    return _resource(session, resource)


def resource_in_form(session: SessionDep, form: FormDep) -> DataResource:
    return _resource(session, form.text("resource_code"))


def _resource(session: Session, code: str) -> DataResource:
    found = repository.resource_by_code(session, code.strip().replace("-", "/"))
    if found is None:
        raise NotFound
    return found


@router.get("/requests")
@example(Example(world="draft_request", who="applicant", success=200, visibility="parties"))
def list_page(
    request: Request, subject: SubjectDep, session: ReadSessionDep, wanted: PageDep, status: RequestStatus | None = None
) -> Response:
    """Requests the reader may see, newest first, and above them what waits for the reader."""
    rows, following = repository.page(session, subject, wanted, status)
    values = {
        "rows": rows_shown(session, rows), "waiting": waiting_rows(session, subject), "status": status,
        "statuses": list(RequestStatus),
        "next_href": wanted.href(following) if following else "", "is_first": wanted.after is None,
        "may_apply": subject.has(Role.APPLICANT),
    }  # fmt: skip
    return page(request, "requests/list.html", values)


@router.get("/requests/new")
@example(Example(
    world="published_resource", who="applicant", success=200, visibility="all_departments", forbidden="registrar",
    query={"resource": lambda world: world.resource_code},
))  # fmt: skip
def new_page(
    request: Request, found: Annotated[Authorized[DataResource], may(Action.REQUEST_CREATE, resource_named)],
    session: ReadSessionDep, like: Annotated[str, Query(max_length=20)] = "",
) -> Response:  # fmt: skip
    """The form; with ``like`` filled from an earlier request of the same department, so that nothing is asked twice."""
    earlier = repository.by_no(session, like) if like else None
    if earlier is not None and not is_allowed(found.subject, Action.REQUEST_READ, earlier):
        earlier = None
    values = asked_again(session, earlier) if earlier else first_values(found.object)
    return _new(request, session, found.object, Form.of(values))


@router.post("/requests/new")
@example(Example(
    world="published_resource", who="applicant", success=303, visibility="all_departments", forbidden="registrar",
    event="exchange:request:created",
    body=lambda world: {
        "resource_code": world.resource_code, "item_ids": [str(item) for item in world.item_ids], "basis": "依据",
        "scenario": "场景", "scope": "范围", "share_way": "batch", "until": "2026-12-31",
    },
))  # fmt: skip
def create(
    request: Request, found: Annotated[Authorized[DataResource], may(Action.REQUEST_CREATE, resource_in_form)],
    session: SessionDep, form: FormDep, once: OnceDep,
) -> Response:  # fmt: skip
    try:
        made = service.create(session, found.subject, found.object, form.parse(RequestCreate))
    except (FormInvalid, Invalid) as error:
        start_over(session)
        return _new(request, session, found.object, _failed(form, error), status=422)
    return _to_page(once, made.request_no, "created")


@router.get("/requests/{no}")
@example(Example(
    world="submitted_request", who="approver", success=200, visibility="parties", stranger="stranger",
    path={"no": lambda world: world.request_no},
))  # fmt: skip
def show_page(
    request: Request, found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_READ, to_read)],
    session: ReadSessionDep, done: Annotated[str, Query(max_length=20)] = "",
) -> Response:  # fmt: skip
    return _show(request, session, found, Form.of(), done=done)


@router.post("/requests/{no}/submissions")
@example(Example(
    world="draft_request", who="applicant", success=303, visibility="parties", stranger="stranger",
    forbidden="consumer_head", path={"no": lambda world: world.request_no}, if_match=True, body={},
    event="exchange:request:consent_asked",
))  # fmt: skip
def submit(
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_SUBMIT, to_change)], session: SessionDep,
    form: FormDep, once: OnceDep,
) -> Response:  # fmt: skip
    service.ask_consent(session, found.subject, found.object, form.version)
    return _to_page(once, found.object.request_no, "asked")


@router.post("/requests/{no}/consents")
@example(Example(
    world="asked_request", who="consumer_head", success=303, visibility="parties", stranger="stranger",
    forbidden="applicant", path={"no": lambda world: world.request_no}, if_match=True,
    body={"outcome": "consented"}, event="exchange:request:submitted",
))  # fmt: skip
def consent(
    request: Request, found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_CONSENT, to_change)],
    session: SessionDep, form: FormDep, once: OnceDep,
) -> Response:  # fmt: skip
    try:
        given = form.parse(ConsentGiven)
        step = service.consent if given.outcome == "consented" else service.return_to_applicant
        step(session, found.subject, found.object, form.version, given.remark)
    except (FormInvalid, Invalid) as error:
        start_over(session)
        return _show(request, session, found, _failed(form, error), status=422)
    return _to_page(once, found.object.request_no, given.outcome)


@router.get("/requests/{no}/withdrawal")
@example(Example(
    world="submitted_request", who="applicant", success=200, visibility="parties", stranger="stranger",
    forbidden="consumer_head", path={"no": lambda world: world.request_no},
))  # fmt: skip
def withdrawal_page(
    request: Request, found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_WITHDRAW, to_read)],
    session: ReadSessionDep,
) -> Response:  # fmt: skip
    """The question before a request is taken back: it cannot be undone."""
    return _withdrawal(request, session, found.object, Form.of())


@router.post("/requests/{no}/withdrawals")
@example(Example(
    world="submitted_request", who="applicant", success=303, visibility="parties", stranger="stranger",
    forbidden="consumer_head", path={"no": lambda world: world.request_no}, if_match=True,
    body={"remark": "业务调整，不再需要"}, event="exchange:request:withdrawn",
))  # fmt: skip
def withdraw(
    request: Request, found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_WITHDRAW, to_change)],
    session: SessionDep, form: FormDep, once: OnceDep,
) -> Response:  # fmt: skip
    try:
        remark = form.parse(Remark).remark
    except FormInvalid as error:
        start_over(session)
        return _withdrawal(request, session, found.object, error.form, status=422)
    service.withdraw(session, found.subject, found.object, form.version, remark)
    return _to_page(once, found.object.request_no, "withdrawn")


def _to_page(once: Once, no: str, done: str) -> Response:
    return RedirectResponse(once.keep_redirect(f"/requests/{no}?done={done}"), 303)


def _failed(form: Form, error: FormInvalid | Invalid) -> Form:
    return error.form if isinstance(error, FormInvalid) else form.refused(error)


def _new(request: Request, session: Session, resource: DataResource, form: Form, *, status: int = 200) -> Response:
    values = {
        "form": form.gathered("item_ids"), "resource": resource, "items": items_shown(session, resource),
        "provider": accounts.department(session, resource.provider_id).name, "ways": list(ShareWay),
        "labels": FIELDS, "once_key": uuid7().hex,
    }  # fmt: skip
    return page(request, "requests/new.html", values, status=status)


def _show(
    request: Request, session: Session, found: Authorized[ShareRequest], form: Form, *, done: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    row, subject = found.object, found.subject
    values = {
        "form": form, "shown": read_model(session, row), "items": repository.items(session, row),
        "tone": TONES[row.status], "done": DONE.get(done),
        "dues": [due_of(session, clock) for clock in clocks.clocks_of(session, row.request_no)],
        "timeline": timeline(session, subject, row), "acts": _acts(subject, row), "waiting_for": _waiting(session, row),
        "panels": panels.shown(session, subject, row), "once_key": uuid7().hex, "share_way": ShareWay(row.share_way),
        "resource": repository.resource(session, row.resource_id),
    }  # fmt: skip
    return page(request, "requests/show.html", values, status=status)


def _withdrawal(request: Request, session: Session, row: ShareRequest, form: Form, *, status: int = 200) -> Response:
    values = {"form": form, "row": row, "title": repository.resource(session, row.resource_id).title,
              "once_key": uuid7().hex}  # fmt: skip
    return page(request, "requests/withdrawal.html", values, status=status)


def _acts(subject: Subject, row: ShareRequest) -> frozenset[str]:
    """Steps the reader may take now, by name."""
    return frozenset(
        step.value
        for step, action in _ACTIONS.items()
        if next_statuses(row.status, step) and is_allowed(subject, action, row)
    )


def _waiting(session: Session, row: ShareRequest) -> tuple[str, Any] | None:
    """Whose turn it is: department and role."""
    waiting = WAITING_FOR.get(row.status)
    if waiting is None:
        return None
    role, side = waiting
    department = accounts.department(session, row.consumer_id if side == "consumer" else row.provider_id)
    return department.name, Role(role).label
