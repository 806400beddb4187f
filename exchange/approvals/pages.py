"""The page of deciding (审批), facts at the left and decision at the right; and the reply on the request's page."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import pyarrow as pa
from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth import accounts
from auth.guard import Authorized, authorize, is_allowed, may
from auth.once import OnceDep
from catalog.resources.models import DataResource, ShareWay
from exchange.approvals import repository, service
from exchange.approvals.display import refusal_text, reply_shown
from exchange.approvals.models import ApprovalStep, StepKind
from exchange.approvals.reply_form import (
    CONDITIONS,
    OPERATORS,
    Asked,
    is_sayable,
    reply_of,
    values_of,
    with_named_errors,
)
from exchange.approvals.schemas import Release
from exchange.requests import repository as requests
from exchange.requests.display import FIELDS, TONES
from exchange.requests.endpoints import to_change, to_read
from exchange.requests.lifecycle import RequestStatus
from exchange.requests.models import ShareRequest
from exchange.requests.pages import panels
from exchange.requests.reading import read_model
from exchange.requests.timeline import timeline
from policies.actions import Action
from policies.refusals import refusals
from shuqiao.arrow.masks import applicable_kinds
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.desk import clocks
from shuqiao.desk.due import due_of
from shuqiao.errors import Invalid
from shuqiao.i18n import Message, _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example
from shuqiao.web.forms import Form, FormDep, FormInvalid

router = APIRouter()

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
    "outcome": _("Answer"), "mask": _("Masking"), "prefix": _("First characters kept"),
    "suffix": _("Last characters kept"), "length": _("Only for this length"), "digits": _("Digits of the pseudonym"),
    "step": _("Step"), "reason": _("Reason of the refusal"), "remark": _("Explanation"),
}  # fmt: skip


@router.get("/requests/{no}/decision")
@example(Example(
    world="submitted_request", who="approver", success=200, visibility="parties", stranger="stranger",
    forbidden="applicant", path={"no": lambda world: world.request_no},
))  # fmt: skip
def decision_page(
    request: Request, found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_READ, to_read)],
    session: ReadSessionDep,
) -> Response:  # fmt: skip
    """For the provider's approver and sharing head; what is prepared stays inside the provider (Art. 20)."""
    if not is_allowed(found.subject, Action.REQUEST_RELEASE, found.object):
        authorize(found.subject, Action.REQUEST_PREPARE_REPLY, found.object)
    return _show(request, session, found, _first(session, found.object))


@router.post("/requests/{no}/decisions")
@example(Example(
    world="submitted_request", who="approver", success=303, visibility="parties", stranger="stranger",
    forbidden="provider_head", path={"no": lambda world: world.request_no}, if_match=True,
    body=lambda world: {f"items.{place}.outcome": "granted" for place, _item in enumerate(world.item_ids)},
    event="exchange:request:reply_prepared",
))  # fmt: skip
def decide(
    request: Request, found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_PREPARE_REPLY, to_change)],
    session: SessionDep, form: FormDep, once: OnceDep,
) -> Response:  # fmt: skip
    try:
        reply = reply_of(form, _asked(session, found.object))
        service.prepare(session, found.subject, found.object, form.version, reply)
    except FormInvalid as error:
        return _again(request, session, found, error.form)
    except Invalid as error:
        return _again(request, session, found, with_named_errors(form, error.errors))
    return RedirectResponse(once.keep_redirect(f"/requests/{found.object.request_no}?done=prepared"), 303)


@router.post("/requests/{no}/releases")
@example(Example(
    world="prepared_request", who="provider_head", success=303, visibility="parties", stranger="stranger",
    forbidden="approver", path={"no": lambda world: world.request_no}, if_match=True, body={"outcome": "released"},
    event="exchange:grant:issued",
))  # fmt: skip
def release(
    request: Request, found: Annotated[Authorized[ShareRequest], may(Action.REQUEST_RELEASE, to_change)],
    session: SessionDep, form: FormDep, once: OnceDep,
) -> Response:  # fmt: skip
    try:
        word = form.parse(Release)
        step = service.release if word.outcome == "released" else service.send_back
        step(session, found.subject, found.object, form.version, word.remark)
    except FormInvalid as error:
        return _again(request, session, found, error.form)
    except Invalid as error:
        return _again(request, session, found, form.refused(error))
    return RedirectResponse(once.keep_redirect(f"/requests/{found.object.request_no}?done={word.outcome}"), 303)


def _again(request: Request, session: Session, found: Authorized[ShareRequest], form: Form) -> Response:
    start_over(session)
    return _show(request, session, found, form, status=422)


def _show(
    request: Request, session: Session, found: Authorized[ShareRequest], form: Form, *, status: int = 200
) -> Response:
    row, subject = found.object, found.subject
    resource = requests.resource(session, row.resource_id)
    prepared = repository.prepared(session, row.id)
    values = {
        "form": form, "shown": read_model(session, row), "resource": resource, "tone": TONES[row.status],
        "share_way": ShareWay(row.share_way), "fields": FIELDS, "mode": _mode(subject, row, prepared),
        "dues": [due_of(session, clock) for clock in clocks.clocks_of(session, row.request_no)],
        "timeline": timeline(session, subject, row), "earlier": repository.earlier(session, row),
        "item_total": len(requests.items_of(session, resource.id)), "once_key": uuid7().hex,
        **_decision_values(session, row, resource), **_prepared_values(session, row, prepared),
    }  # fmt: skip
    return page(request, "approvals/decision.html", values, status=status)


def _mode(subject: Subject, row: ShareRequest, prepared: ApprovalStep | None) -> str:
    """What the right side shows: the form to prepare or to release, or only words."""
    if row.status is RequestStatus.SUBMITTED and is_allowed(subject, Action.REQUEST_PREPARE_REPLY, row):
        return "prepare"
    if row.status is RequestStatus.REPLY_PREPARED and is_allowed(subject, Action.REQUEST_RELEASE, row):
        return "same_person" if prepared is not None and prepared.actor_id == subject.user_id else "release"
    return "read"


def _decision_values(session: Session, row: ShareRequest, resource: DataResource) -> dict[str, Any]:
    """Choices of the form and the labels of its fields."""
    asked = _asked(session, row)
    share_type, types = resource.share_type.value, asked.types
    reasons = [(each.code, refusal_text(each)) for each in refusals().values() if share_type in each.share_types]
    return {
        "items": asked.items, "reasons": reasons, "conditions": CONDITIONS,
        "kinds": {item.id: _kinds(types.get(str(item.id))) for item in asked.items},
        "operators": list(OPERATORS.items()), "labels": _labels(asked), "has_data": bool(types),
        "filter_items": [
            (str(each.id), f"{each.name} · {each.data_type.label}")
            for each in asked.everything
            if str(each.id) in types
        ],
    }  # fmt: skip


def _prepared_values(session: Session, row: ShareRequest, prepared: ApprovalStep | None) -> dict[str, Any]:
    """The reply in words while it waits for its release, and the word of the head who sent one back."""
    last = next(iter(reversed(repository.steps(session, row.id))), None)
    is_sent_back = last is not None and last.kind is StepKind.SENT_BACK
    if prepared is None or prepared.reply is None or row.status is RequestStatus.SUBMITTED:
        shown = None
    else:
        shown = reply_shown(session, row, prepared.reply)
    filter_before = prepared.reply.get("row_filter") if prepared is not None and prepared.reply else None
    return {
        "reply": shown, "prepared": prepared, "is_filter_lost": not is_sayable(filter_before),
        "preparer": accounts.user_name(session, prepared.actor_id) if prepared else "",
        "sent_back": last.remark if is_sent_back and last is not None else "",
    }  # fmt: skip


def _first(session: Session, row: ShareRequest) -> Form:
    """Empty, or after a reply was sent back what had been prepared."""
    prepared = repository.prepared(session, row.id) if row.status is RequestStatus.SUBMITTED else None
    if prepared is None or prepared.reply is None:
        return Form.of()
    return Form.of({**values_of(prepared.reply), "remark": prepared.remark})


def _asked(session: Session, row: ShareRequest) -> Asked:
    resource = requests.resource(session, row.resource_id)
    snapshot = service.snapshot_of(session, resource)
    return Asked(
        items=requests.items(session, row), everything=requests.items_of(session, resource.id),
        schema=snapshot.manifest.schema if snapshot else None, share_type=resource.share_type, until=row.until,
    )  # fmt: skip


def _kinds(type_: pa.DataType | None) -> list[tuple[str, Message]]:
    return [(kind, MASKS[kind]) for kind in applicable_kinds(type_)] if type_ is not None else []


def _labels(asked: Asked) -> dict[str, Message]:
    """Names of the fields for the error summary."""
    labels: dict[str, Message] = {"remark": _("Remark to the consumer"), "valid_until": _("Valid until")}
    for place, item in enumerate(asked.items):
        for part, words in _PARTS.items():
            labels[f"items.{place}.{part}"] = _("%(item)s, %(part)s", item=item.name, part=words)
    parts = {"item": _("Item"), "op": _("Operator"), "value": _("Value")}
    for number in range(CONDITIONS):
        for name, words in parts.items():
            labels[f"conditions.{number}.{name}"] = _("Condition %(number)s, %(part)s", number=number + 1, part=words)
    return labels


def _answers(session: Session, subject: Subject, row: ShareRequest) -> Mapping[str, Any] | None:
    """The reply on the request's page, once it has been released."""
    prepared = repository.prepared(session, row.id)
    if not row.status.is_decided or prepared is None or prepared.reply is None:
        return None
    released = next((s for s in repository.steps(session, row.id) if s.kind is StepKind.RELEASED), None)
    return {"reply": reply_shown(session, row, prepared.reply), "remark": prepared.remark,
            "released_remark": released.remark if released else ""}  # fmt: skip


panels.add("approvals/answers.html", _answers)
