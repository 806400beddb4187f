"""Pages of deciding (审批): facts and decision, the question before it
is done; the reply on the request's page.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

import pyarrow as pa
from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.guard import Authorized, authorize, is_allowed, may
from auth.once import OnceDep
from exchange.approvals import repository, service
from exchange.approvals.forms import batch
from exchange.approvals.forms.reply import (
    OPERATORS,
    reply_of,
    values_of,
    with_named_errors,
)
from exchange.approvals.models import ApprovalStep
from exchange.approvals.pages import queue
from exchange.approvals.schemas import Release, Reply
from exchange.approvals.views.asked import CONDITIONS, Asked
from exchange.approvals.views.decision import asked, facts
from exchange.approvals.views.reply import refusal_text, reply_shown
from exchange.approvals.words import StepKind
from exchange.grants.repository import by_request
from exchange.requests.access import to_change, to_read
from exchange.requests.errors import RequestChanged
from exchange.requests.models import ShareRequest
from exchange.requests.words import RequestStatus
from policies.actions import Action
from policies.deadlines import Clock, deadlines
from policies.refusals import refusals
from shuqiao.arrow.terms.masks import applicable_kinds
from shuqiao.clock import today
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk.calendar import CalendarMissing, add_working_days
from shuqiao.errors import Invalid
from shuqiao.i18n import Message, _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example
from shuqiao.web.forms import Form, FormDep, FormInvalid

router = APIRouter()
router.include_router(queue.router)

MASKS: Final[Mapping[str, Message]] = {
    "keep_prefix": _("Keep the first characters"),
    "keep_suffix": _("Keep the last characters"),
    "keep_both": _("Keep the first and the last characters"),
    "stars": _("Hide the value, show only whether there is one"),
    "pseudonym": _("Replace by a pseudonym of this recipient"),
    "year": _("Keep only the year"),
    "round": _("Cut to multiples of a step"),
}
_PARTS: Final[Mapping[str, Message]] = {
    "outcome": _("Answer"),
    "mask": _("Masking"),
    "prefix": _("First characters kept"),
    "suffix": _("Last characters kept"),
    "length": _("Only for this length"),
    "digits": _("Digits of the pseudonym"),
    "step": _("Step"),
    "reason": _("Reason of the refusal"),
    "remark": _("Explanation"),
}
#: Fields of the page, not of the decision: they are made anew on the page that asks.
_PAGE_FIELDS: Final = frozenset({"csrf_token", "once_key", "version", "intent", batch.CHOSEN})


@router.get("/requests/{no}/decision")
@example(
    Example(
        world="submitted_request",
        who="approver",
        success=200,
        visibility="parties",
        stranger="stranger",
        forbidden="applicant",
        path={"no": lambda world: world.request_no},
    )
)
def decision_page(
    request: Request,
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_READ, to_read)],
    session: ReadSessionDep,
) -> Response:
    """For the provider's approver and sharing head; what is prepared
    stays inside the provider (Art. 20).
    """
    _only_inside(found)
    return _show(request, session, found, _first(session, found.object))


@router.post("/requests/{no}/decision")
@example(
    Example(
        world="submitted_request",
        who="approver",
        success=200,
        visibility="parties",
        stranger="stranger",
        forbidden="applicant",
        path={"no": lambda world: world.request_no},
        if_match=True,
        body=lambda world: {
            f"items.{place}.outcome": "granted" for place, _item in enumerate(world.item_ids)
        },
    )
)
def ask_once_more(
    request: Request,
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_READ, to_read)],
    session: ReadSessionDep,
    form: FormDep,
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


@router.post("/requests/{no}/decisions")
@example(
    Example(
        world="submitted_request",
        who="approver",
        success=303,
        visibility="parties",
        stranger="stranger",
        forbidden="provider_head",
        path={"no": lambda world: world.request_no},
        if_match=True,
        body=lambda world: {
            f"items.{place}.outcome": "granted" for place, _item in enumerate(world.item_ids)
        },
        event="exchange:request:reply_prepared",
    )
)
def decide(
    request: Request,
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_PREPARE_REPLY, to_change)],
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    try:
        reply = reply_of(form, asked(session, found.object))
        service.prepare(session, found.subject, found.object, form.version, reply)
    except FormInvalid as error:
        return _again(request, session, found, error.form)
    except Invalid as error:
        return _again(request, session, found, with_named_errors(form, error.errors))
    return RedirectResponse(
        once.keep_redirect(f"/requests/{found.object.request_no}?done=prepared"), 303
    )


@router.post("/requests/{no}/releases")
@example(
    Example(
        world="prepared_request",
        who="provider_head",
        success=303,
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
    request: Request,
    found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_RELEASE, to_change)],
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    try:
        word = form.parse(Release)
        step = service.release if word.outcome == "released" else service.send_back
        step(session, found.subject, found.object, form.version, word.remark)
    except FormInvalid as error:
        return _again(request, session, found, error.form)
    except Invalid as error:
        return _again(request, session, found, form.refused(error))
    return RedirectResponse(
        once.keep_redirect(f"/requests/{found.object.request_no}?done={word.outcome}"), 303
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
        values = {"word": None, "action": f"/requests/{row.request_no}/decisions"}
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
        "labels": _labels(wanted),
        **_choices(wanted),
        **left,
    }
    return page(request, "approvals/decision.html", values, status=status)


def _mode(subject: Subject, row: ShareRequest, prepared: ApprovalStep | None) -> str:
    """What the right side shows: the form to prepare or to release, or only words."""
    if row.status is RequestStatus.SUBMITTED and is_allowed(
        subject, Action.REQUEST_PREPARE_REPLY, row
    ):
        return "prepare"
    if row.status is RequestStatus.REPLY_PREPARED and is_allowed(
        subject, Action.REQUEST_RELEASE, row
    ):
        return (
            "same_person"
            if prepared is not None and prepared.actor_id == subject.user_id
            else "release"
        )
    return "read"


def _choices(wanted: Asked) -> dict[str, Any]:
    """Choices of the form."""
    share_type, types = wanted.share_type.value, wanted.types
    reasons = [
        (each.code, refusal_text(each))
        for each in refusals().values()
        if share_type in each.share_types
    ]
    kinds = {item.id: _kinds(types.get(str(item.id))) for item in wanted.items}
    every = {kind for known in kinds.values() for kind, _words in known}
    return {
        "items": wanted.items,
        "reasons": reasons,
        "conditions": CONDITIONS,
        "kinds": kinds,
        "batch_kinds": [(kind, words) for kind, words in MASKS.items() if kind in every],
        "operators": list(OPERATORS.items()),
        "filter_items": [
            (str(each.id), f"{each.name} · {each.data_type.label}")
            for each in wanted.everything
            if str(each.id) in types
        ],
    }


def _first(session: Session, row: ShareRequest) -> Form:
    """Empty, or after a reply was sent back what had been prepared."""
    prepared = (
        repository.prepared(session, row.id) if row.status is RequestStatus.SUBMITTED else None
    )
    if prepared is None or prepared.reply is None:
        return Form.of()
    return Form.of({**values_of(prepared.reply), "remark": prepared.remark})


def _kinds(type_: pa.DataType | None) -> list[tuple[str, Message]]:
    return [(kind, MASKS[kind]) for kind in applicable_kinds(type_)] if type_ is not None else []


def _labels(wanted: Asked) -> dict[str, Message]:
    """Names of the fields for the error summary."""
    labels: dict[str, Message] = {
        "remark": _("Remark to the consumer"),
        "valid_until": _("Valid until"),
        batch.CHOSEN: _("The same answer for several items"),
        "batch": _("The same answer for several items"),
    }
    for place, item in enumerate(wanted.items):
        for part, words in _PARTS.items():
            labels[f"items.{place}.{part}"] = _("%(item)s, %(part)s", item=item.name, part=words)
    parts = {"item": _("Item"), "op": _("Operator"), "value": _("Value")}
    for number in range(CONDITIONS):
        for name, words in parts.items():
            labels[f"conditions.{number}.{name}"] = _(
                "Condition %(number)s, %(part)s", number=number + 1, part=words
            )
    return labels


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
