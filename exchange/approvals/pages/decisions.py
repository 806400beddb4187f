"""Pages of deciding (审核、答复): facts and decision, the question before it
is done; the reply on the request's page.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.cases import possible
from auth.guard import Authorized, authorize, is_allowed
from auth.once import OnceDep
from exchange.approvals import repository, service
from exchange.approvals.access import AnswerableRequest, ReleasableRequest
from exchange.approvals.forms import batch
from exchange.approvals.forms.choices import choices, labels
from exchange.approvals.forms.reply import reply_of, values_of, with_named_errors
from exchange.approvals.models import ApprovalStep
from exchange.approvals.pages import queue
from exchange.approvals.schemas import Release, Reply
from exchange.approvals.views.asked import Asked
from exchange.approvals.views.decision import asked, facts
from exchange.approvals.views.reply import reply_shown
from exchange.approvals.words import StepKind
from exchange.grants.repository import by_request
from exchange.requests.access import ReadableRequest
from exchange.requests.errors import RequestChanged
from exchange.requests.lifecycle import LIFECYCLE, PREPARE_REPLY, RELEASE, SEND_BACK
from exchange.requests.models import ShareRequest
from exchange.requests.words import RequestStatus
from policies.actions import Action
from policies.deadlines import Clock, deadlines
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk.calendar import CalendarMissing, add_working_days
from shuqiao.errors import Invalid
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid

router = APIRouter()
router.include_router(queue.router)

#: Fields of the page, not of the decision: they are made anew on the page that asks.
_PAGE_FIELDS: Final = frozenset({"csrf_token", "once_key", "version", "intent", batch.CHOSEN})


@router.get("/requests/{no}/decision")
def decision_page(request: Request, found: ReadableRequest, session: ReadSessionDep) -> Response:
    """For the provider's approver and sharing head; what is prepared
    stays inside the provider (Art. 20).
    """
    _only_inside(found)
    return _show(request, session, found, _first(session, found.object))


@router.post("/requests/{no}/decision")
def ask_once_more(
    request: Request, found: ReadableRequest, session: ReadSessionDep, form: FormDep
) -> Response:
    """The question before it is done: the effect in words.

    Changes nothing; also fills in a batch of answers.
    """
    _only_inside(found)
    row = found.object
    if form.text("intent") == "change":
        return _show(request, session, found, form)
    try:
        if form.text("intent") == "batch":
            filled = batch.applied(form, asked(session, row))
            return _show(request, session, found, filled, status=422 if filled.errors else 200)
        return _question(request, session, found, form)
    except FormInvalid as error:
        return _show(request, session, found, error.form, status=422)
    except Invalid as error:
        return _show(request, session, found, with_named_errors(form, error.errors), status=422)
    except RequestChanged as error:
        return _show(request, session, found, form.refused(error), status=412)


@router.post("/requests/{no}/decisions", status_code=303)
def decide(
    request: Request, found: AnswerableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    try:
        reply = reply_of(form, asked(session, found.object))
        service.prepare(session, found.subject, found.object, form.version, reply)
    except FormInvalid as error:
        return _again(request, session, found, error.form)
    except Invalid as error:
        return _again(request, session, found, with_named_errors(form, error.errors))
    return RedirectResponse(
        once.keep_redirect(f"/requests/{found.object.request_no}?done={PREPARE_REPLY.word}"), 303
    )


@router.post("/requests/{no}/releases", status_code=303)
def release(
    request: Request, found: ReleasableRequest, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    try:
        word = form.parse(Release)
        is_release = word.outcome == "released"
        take = service.release if is_release else service.send_back
        take(session, found.subject, found.object, form.version, word.remark)
    except FormInvalid as error:
        return _again(request, session, found, error.form)
    except Invalid as error:
        return _again(request, session, found, form.refused(error))
    done = (RELEASE if is_release else SEND_BACK).word
    return RedirectResponse(
        once.keep_redirect(f"/requests/{found.object.request_no}?done={done}"), 303
    )


def _only_inside(found: Authorized[ShareRequest]) -> None:
    if not is_allowed(found.subject, Action.REQUEST_RELEASE, found.object):
        authorize(found.subject, Action.REQUEST_PREPARE_REPLY, found.object)


def _again(
    request: Request, session: Session, found: Authorized[ShareRequest], form: Form
) -> Response:
    start_over(session)
    return _show(request, session, found, form, status=422)


def _question(
    request: Request, session: Session, found: Authorized[ShareRequest], form: Form
) -> Response:
    row = found.object
    if form.version != row.version:
        raise RequestChanged
    wanted = asked(session, row)
    values: dict[str, Any]
    if row.status is RequestStatus.REPLY_PREPARED:
        authorize(found.subject, Action.REQUEST_RELEASE, row)
        word = form.parse(Release)
        if word.outcome == "sent_back":
            service.check_sent_back(row, form.version, word.remark)
        reply = service.check_released(session, found.subject, row, form.version)
        values = {"word": word, "action": f"/requests/{row.request_no}/releases"}
    else:
        authorize(found.subject, Action.REQUEST_PREPARE_REPLY, row)
        reply = reply_of(form, wanted)
        service.check_prepared(session, row, form.version, reply)
        values = {
            "word": None,
            "effect": PREPARE_REPLY.effect,
            "action": f"/requests/{row.request_no}/decisions",
        }
    sent = [
        (name, text)
        for name, texts in form.values.items()
        if name not in _PAGE_FIELDS
        for text in texts
    ]
    left = _facts(session, found, wanted)
    values |= {
        "form": form,
        "sent": sent,
        "once_key": uuid7().hex,
        "outcome": service.outcome_of(reply),
        **left,
        "reply": reply_shown(session, row, reply.model_dump(mode="json")),
        "reply_remark": _remark(reply, left),
        "failed": [check for check in left["checks"] if check.result == "fail"],
        "delivery_due": _delivery_due(session),
    }
    return page(request, "approvals/question.html", values)


def _remark(reply: Reply, left: Mapping[str, Any]) -> str:
    """The remark to the consumer: just typed, or stored with the prepared reply."""
    prepared = left["prepared"]
    return reply.remark or (prepared.remark if prepared is not None and left["reply"] else "")


def _delivery_due(session: Session) -> date | None:
    """Until when the data has to be there if the reply goes out today (Order 809, Art. 22)."""
    try:
        return add_working_days(session, today(), deadlines()[Clock.DELIVERY].working_days)
    except CalendarMissing:
        return None


def _facts(session: Session, found: Authorized[ShareRequest], wanted: Asked) -> dict[str, Any]:
    return facts(session, found.subject, found.object, wanted)


def _show(
    request: Request,
    session: Session,
    found: Authorized[ShareRequest],
    form: Form,
    *,
    status: int = 200,
) -> Response:
    row, subject = found.object, found.subject
    wanted = asked(session, row)
    left = _facts(session, found, wanted)
    values = {
        "form": form,
        "mode": _mode(subject, row, left["prepared"]),
        "once_key": uuid7().hex,
        "labels": labels(wanted),
        **choices(wanted),
        **left,
    }
    return page(request, "approvals/decision.html", values, status=status)


def _mode(subject: Subject, row: ShareRequest, prepared: ApprovalStep | None) -> str:
    """What the right side shows: the form to prepare or to release, or only words."""
    acts = possible(subject, row, LIFECYCLE)
    if PREPARE_REPLY in acts:
        return "prepare"
    if RELEASE in acts:
        is_same = prepared is not None and prepared.actor_id == subject.user_id
        return "same_person" if is_same else "release"
    return "read"


def _first(session: Session, row: ShareRequest) -> Form:
    """Empty, or after a reply was sent back what had been prepared."""
    prepared = (
        repository.prepared(session, row.id) if row.status is RequestStatus.SUBMITTED else None
    )
    if prepared is None or prepared.reply is None:
        return Form.of()
    return Form.of({**values_of(prepared.reply), "remark": prepared.remark})


def answers(session: Session, subject: Subject, row: ShareRequest) -> Mapping[str, Any] | None:
    """The reply on the request's page, once it has been released, with the grant it became."""
    prepared = repository.prepared(session, row.id)
    if not row.status.is_decided or prepared is None or prepared.reply is None:
        return None
    released = next(
        (s for s in repository.steps(session, row.id) if s.kind is StepKind.RELEASED), None
    )
    grant = by_request(session, row.request_no)
    is_seen = grant is not None and is_allowed(subject, Action.GRANT_READ, grant)
    return {
        "reply": reply_shown(session, row, prepared.reply),
        "remark": prepared.remark,
        "released_remark": released.remark if released else "",
        "grant": grant if is_seen else None,
    }
