"""The rules of deciding: prepare a reply, release it or send it back. Flushes and records, never commits."""

import json

from sqlmodel import Session

from audit.events import Event
from catalog.resources.models import DataResource, ResourceItem
from exchange.approvals import repository
from exchange.approvals.checking import check_reply
from exchange.approvals.errors import NothingToDeliver, SamePerson, TermOver
from exchange.approvals.models import ApprovalStep, StepKind
from exchange.approvals.schemas import Reply
from exchange.grants import service as grants
from exchange.grants.models import ShareGrant
from exchange.requests import repository as requests
from exchange.requests.lifecycle import RequestStatus, RequestStep
from exchange.requests.models import ShareRequest
from exchange.requests.service import REPLY, check_step, move, sharing_heads, tell
from shuqiao.arrow.snapshots import Snapshot, open_snapshot
from shuqiao.clock import now, today
from shuqiao.desk import clocks
from shuqiao.errors import FieldError, Invalid
from shuqiao.home import folder
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


def prepare(session: Session, subject: Subject, request: ShareRequest, version: int, reply: Reply) -> ApprovalStep:
    """The approver answers item by item; nothing leaves the department yet."""
    check_step(request, RequestStep.PREPARE_REPLY, version)
    resource = requests.resource(session, request.resource_id)
    snapshot = snapshot_of(session, resource)
    grants_something = any(answer.outcome == "granted" for answer in reply.items)
    if grants_something and snapshot is None:
        raise NothingToDeliver
    _check(session, request, reply, resource, snapshot)
    step = _step(session, subject, request, StepKind.PREPARED, reply.remark, reply)
    move(
        session, subject, request, RequestStep.PREPARE_REPLY, version, Event.REPLY_PREPARED,
        why=_answered(reply) | {"rows_limited": reply.row_filter is not None},
    )  # fmt: skip
    return step


def send_back(session: Session, subject: Subject, request: ShareRequest, version: int, remark: str) -> None:
    """The sharing head wants another reply; the clock runs on."""
    if not remark.strip():
        fix = _("Say what the approver should change")
        raise Invalid(errors=[FieldError("/remark", "required", _("Sending back needs a reason"), fix)])
    check_step(request, RequestStep.SEND_BACK, version)
    _step(session, subject, request, StepKind.SENT_BACK, remark)
    move(session, subject, request, RequestStep.SEND_BACK, version, Event.REPLY_SENT_BACK, remark=remark)


def release(session: Session, subject: Subject, request: ShareRequest, version: int, remark: str) -> ShareGrant | None:
    """The provider's sharing head lets the reply out (Art. 20): the request is decided, a yes becomes a grant."""
    check_step(request, RequestStep.RELEASE, version)
    prepared = repository.prepared(session, request.id)
    assert prepared is not None and prepared.reply is not None, "a prepared request has its reply"
    if prepared.actor_id == subject.user_id:
        raise SamePerson(subject, request.audit_ref(), request.audit_stream())
    reply = Reply.model_validate_json(json.dumps(prepared.reply))
    outcome = _outcome(reply)
    if outcome is not RequestStatus.REFUSED and (reply.valid_until or request.until) < today():
        raise TermOver
    _step(session, subject, request, StepKind.RELEASED, remark)
    request.decided_at = now()
    move(
        session, subject, request, RequestStep.RELEASE, version, _EVENTS[outcome], target=outcome, remark=remark,
        why=_answered(reply),
    )  # fmt: skip
    clocks.close(session, case_no=request.request_no, kind=REPLY, on=today())
    grant = None if outcome is RequestStatus.REFUSED else _issue(session, subject, request, reply)
    people = sharing_heads(session, request.consumer_id) | {request.applicant_id}
    what = Message(_TOLD.msgid, {"no": request.request_no, "outcome": outcome.label})
    tell(session, request, people, what)
    return grant


_TOLD = _("Your request %(no)s was answered: %(outcome)s")
_EVENTS = {
    RequestStatus.APPROVED: Event.REQUEST_APPROVED,
    RequestStatus.PARTLY_APPROVED: Event.REQUEST_PARTLY_APPROVED,
    RequestStatus.REFUSED: Event.REQUEST_REFUSED,
}


def snapshot_of(session: Session, resource: DataResource) -> Snapshot | None:
    """The snapshot that is published with the resource now, if it has stored data."""
    snapshot_id = requests.snapshot_id(session, resource.id)
    return open_snapshot(folder("snapshots") / snapshot_id) if snapshot_id else None


def _check(
    session: Session, request: ShareRequest, reply: Reply, resource: DataResource, snapshot: Snapshot | None
) -> None:
    check_reply(
        reply, requested=requests.items(session, request), all_items=requests.items_of(session, resource.id),
        schema=snapshot.manifest.schema if snapshot else None, share_type=resource.share_type, until=request.until,
    )  # fmt: skip


def _issue(session: Session, subject: Subject, request: ShareRequest, reply: Reply) -> ShareGrant:
    resource = requests.resource(session, request.resource_id)
    snapshot = snapshot_of(session, resource)
    if snapshot is None:
        raise NothingToDeliver
    _check(session, request, reply, resource, snapshot)  # other data may have been stored since it was prepared
    by_id: dict[object, ResourceItem] = {item.id: item for item in requests.items(session, request)}
    granted = [answer for answer in reply.items if answer.outcome == "granted"]
    terms = grants.Terms(
        items=[(a.item_id, by_id[a.item_id].name, by_id[a.item_id].column_name, a.mask) for a in granted],
        row_filter=reply.row_filter, valid_until=reply.valid_until or request.until, snapshot_id=snapshot.id,
    )  # fmt: skip
    return grants.issue(
        session, subject, resource=resource, request_no=request.request_no, consumer_id=request.consumer_id,
        purpose=request.scenario, resource_version=request.resource_version, terms=terms,
    )  # fmt: skip


def _outcome(reply: Reply) -> RequestStatus:
    """Refused: no item. Approved: every item and every row. Everything between: partly approved."""
    granted = [answer for answer in reply.items if answer.outcome == "granted"]
    if not granted:
        return RequestStatus.REFUSED
    is_whole = len(granted) == len(reply.items) and reply.row_filter is None
    return RequestStatus.APPROVED if is_whole else RequestStatus.PARTLY_APPROVED


def _step(
    session: Session, subject: Subject, request: ShareRequest, kind: StepKind, remark: str, reply: Reply | None = None
) -> ApprovalStep:
    assert subject.user_id is not None
    step = ApprovalStep(
        request_id=request.id, kind=kind, actor_id=subject.user_id, remark=remark,
        reply=reply.model_dump(mode="json", exclude={"remark"}) if reply else None,
    )  # fmt: skip
    session.add(step)
    session.flush()
    return step


def _answered(reply: Reply) -> dict[str, object]:
    """Items by outcome, for the event."""
    return {
        outcome: [str(answer.item_id) for answer in reply.items if answer.outcome == outcome]
        for outcome in ("granted", "refused")
    }
