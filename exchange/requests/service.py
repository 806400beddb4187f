"""The rules of applying: create, ask for consent, consent, return, withdraw. Flushes and records,
never commits.
"""

from datetime import date
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from catalog.resources.models import DataResource
from catalog.resources.words import ShareWay
from exchange.requests import repository
from exchange.requests.checks import check_answers, check_open
from exchange.requests.errors import OwnRequest, RequestChanged, WrongState
from exchange.requests.lifecycle import WAITING_FOR, next_statuses
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import RequestAnswers, RequestCreate
from exchange.requests.words import TODO, RequestStatus, RequestStep
from policies.deadlines import deadlines
from shuqiao.clock import day_of, now, today
from shuqiao.desk import clocks, messages, todos
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

REPLY = "reply"


def create(
    session: Session, subject: Subject, resource: DataResource, wanted: RequestCreate
) -> ShareRequest:
    """Draft a request on a published resource.

    Raises ``Invalid`` naming the field, ``NotRequestable``.
    """
    _check(session, resource, wanted)
    assert subject.department_id is not None and subject.user_id is not None
    request = ShareRequest(
        request_no=next_number(session, "REQ"),
        resource_id=resource.id,
        resource_version=resource.published_version,
        consumer_id=subject.department_id,
        provider_id=resource.provider_id,
        applicant_id=subject.user_id,
        **wanted.model_dump(include={"basis", "scenario", "scope", "until"}),
        share_way=wanted.share_way.value,
    )
    session.add(request)
    session.flush()
    repository.replace_items(session, request, wanted.item_ids)
    append(
        session,
        subject,
        Event.REQUEST_CREATED,
        stream=request.request_no,
        obj=request.audit_ref(),
        why={
            "resource": resource.code,
            "resource_version": request.resource_version,
            "items": wanted.item_ids,
        },
        change=(None, request.status),
    )
    return request


def edit(
    session: Session, subject: Subject, request: ShareRequest, version: int, wanted: RequestAnswers
) -> ShareRequest:
    """Change a draft, also one that the own sharing head returned. Raises as ``create`` does."""
    check_step(request, RequestStep.EDIT, version)
    resource = repository.resource(session, request.resource_id)
    _check(session, resource, wanted)
    before, after = answers(session, request).model_dump(), wanted.model_dump()
    changed = [name for name in RequestAnswers.model_fields if before[name] != after[name]]
    request.basis, request.scenario, request.scope = wanted.basis, wanted.scenario, wanted.scope
    request.share_way, request.until = wanted.share_way.value, wanted.until
    request.resource_version = resource.published_version
    repository.replace_items(session, request, wanted.item_ids)
    move(
        session,
        subject,
        request,
        RequestStep.EDIT,
        version,
        Event.REQUEST_EDITED,
        why={"changed": changed, "resource_version": request.resource_version},
    )
    return request


def answers(session: Session, request: ShareRequest) -> RequestAnswers:
    """What the request asks for, as it was typed."""
    plain = request.model_dump(include=set(RequestAnswers.model_fields))
    item_ids = [item.id for item in repository.items(session, request)]
    # what is stored was checked when it came in; a rule that became
    # stricter since then speaks at the next step
    return RequestAnswers.model_construct(
        **plain | {"share_way": ShareWay(request.share_way), "item_ids": item_ids}
    )


def ask_consent(
    session: Session, subject: Subject, request: ShareRequest, version: int
) -> ShareRequest:
    """The applicant is done: the own department's sharing head is asked (Art. 20). Raises as
    ``create`` does.
    """
    check_step(request, RequestStep.ASK_CONSENT, version)
    asked = answers(session, request)
    _check(
        session, repository.resource(session, request.resource_id), asked
    )  # days may lie between
    move(
        session,
        subject,
        request,
        RequestStep.ASK_CONSENT,
        version,
        Event.REQUEST_CONSENT_ASKED,
        why={"answers": asked.model_dump(mode="json")},
    )
    return request


def consent(
    session: Session, subject: Subject, request: ShareRequest, version: int, remark: str
) -> ShareRequest:
    """The sharing head answers for truth, law and need; the request
    reaches the unified intake and the clock starts.
    """
    check_step(request, RequestStep.CONSENT, version)
    if subject.user_id == request.applicant_id:
        raise OwnRequest(subject, request.audit_ref(), request.audit_stream())
    request.submitted_at = now()
    _start_reply_clock(session, request)
    move(
        session,
        subject,
        request,
        RequestStep.CONSENT,
        version,
        Event.REQUEST_SUBMITTED,
        remark=remark,
    )
    tell(
        session,
        request,
        {request.applicant_id},
        _("Your request %(no)s is at the unified intake", no=request.request_no),
    )
    return request


def return_to_applicant(
    session: Session, subject: Subject, request: ShareRequest, version: int, remark: str
) -> ShareRequest:
    """The sharing head sends the request back to its applicant with a remark."""
    if not remark.strip():
        fix = _("Say what the applicant should change")
        raise Invalid(errors=[FieldError("/remark", "required", _("A return needs a reason"), fix)])
    move(
        session,
        subject,
        request,
        RequestStep.RETURN,
        version,
        Event.REQUEST_RETURNED,
        remark=remark,
    )
    what = _("Your request %(no)s was returned: %(remark)s", no=request.request_no, remark=remark)
    tell(session, request, {request.applicant_id}, what)
    return request


def withdraw(
    session: Session, subject: Subject, request: ShareRequest, version: int, remark: str
) -> ShareRequest:
    """The applicant takes the request back; a running reply clock ends."""
    move(
        session,
        subject,
        request,
        RequestStep.WITHDRAW,
        version,
        Event.REQUEST_WITHDRAWN,
        remark=remark,
    )
    clocks.close(session, case_no=request.request_no, kind=REPLY, on=today())
    return request


def move(
    session: Session,
    subject: Subject,
    request: ShareRequest,
    step: RequestStep,
    version: int,
    event: Event,
    *,
    target: RequestStatus | None = None,
    remark: str = "",
    why: dict[str, object] | None = None,
) -> None:
    """Take one step of the life cycle: check state and version, record,
    hand the task to whoever acts next.
    """
    allowed = check_step(request, step, version)
    chosen = target or allowed[0]
    assert chosen in allowed, "services name only targets of the table"
    before, request.status, request.version = request.status, chosen, request.version + 1
    session.add(request)
    append(
        session,
        subject,
        event,
        stream=request.request_no,
        obj=request.audit_ref(),
        why={**(why or {}), "remark": remark or None},
        change=(before, chosen),
    )
    todos.done(session, case_no=request.request_no, by=subject.user_id)
    _ask_next(session, request)


def check_step(request: ShareRequest, step: RequestStep, version: int) -> tuple[RequestStatus, ...]:
    """Where the step may lead. Raises ``WrongState`` or ``RequestChanged``."""
    allowed = next_statuses(request.status, step)
    if not allowed:
        raise WrongState(request.status)
    if version != request.version:
        raise RequestChanged
    return allowed


def tell(session: Session, request: ShareRequest, people: set[UUID], what: Message) -> None:
    messages.send(session, user_ids=people, what=what, href=f"/requests/{request.request_no}")


def _ask_next(session: Session, request: ShareRequest) -> None:
    waiting = WAITING_FOR.get(request.status)
    if waiting is None:
        return
    role, side = waiting
    what = TODO[request.status]
    todos.ask(
        session,
        case_no=request.request_no,
        kind=f"{request.status.value}_{role}",
        role=role,
        department_id=request.consumer_id if side == "consumer" else request.provider_id,
        what=Message(what.msgid, {"no": request.request_no}),
        href=_todo_href(request),
        due_on=_due(session, request),
    )


def _todo_href(request: ShareRequest) -> str:
    decides = request.status in (RequestStatus.SUBMITTED, RequestStatus.REPLY_PREPARED)
    return f"/requests/{request.request_no}" + ("/decision" if decides else "")


def _due(session: Session, request: ShareRequest) -> date | None:
    return next(
        (
            clock.due_on
            for clock in clocks.clocks_of(session, request.request_no)
            if clock.kind == REPLY
        ),
        None,
    )


def _start_reply_clock(session: Session, request: ShareRequest) -> None:
    """First day: the one on which the request reaches the unified intake (Order 809, Art. 21)."""
    resource = repository.resource(session, request.resource_id)
    limit = deadlines().reply(share_type=resource.share_type.value)
    assert request.submitted_at is not None
    clocks.start(
        session,
        case_no=request.request_no,
        kind=REPLY,
        limit=limit.given,
        started_on=day_of(request.submitted_at),
    )


def _check(session: Session, resource: DataResource, wanted: RequestAnswers) -> None:
    check_open(resource)
    check_answers(repository.items_of(session, resource.id), wanted)
