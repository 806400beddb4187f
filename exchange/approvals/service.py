"""The rules of deciding: prepare a reply, release it or send it back. Flushes and records, never
commits.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from sqlmodel import Session

from auth.cases import check, take
from auth.departments import repository as departments
from catalog.attachments.service.tables import data_schema
from catalog.editions import repository as editions
from catalog.editions.checks import coverage_filter
from catalog.editions.models import Edition
from catalog.negative import repository as negative
from catalog.negative.repository.covers import queue
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import UpdateCycle
from exchange.approvals import repository
from exchange.approvals.checks.reply import check_reply, item_types
from exchange.approvals.errors import NothingToDeliver, SamePerson, TermOver
from exchange.approvals.models import ApprovalStep
from exchange.approvals.schemas import Reply
from exchange.approvals.words import StepKind
from exchange.grants.models import EVERYTHING, ShareGrant
from exchange.grants.repository import columns_of
from exchange.grants.service import granting as grants
from exchange.requests import repository as requests
from exchange.requests import service as asking
from exchange.requests.lifecycle import PREPARE_REPLY, RELEASE, SEND_BACK
from exchange.requests.models import ShareRequest
from exchange.requests.words import RequestStatus
from shuqiao.arrow.snapshots.columntypes import type_name
from shuqiao.arrow.terms.filters import filter_document, parse_filter
from shuqiao.clock import now, today
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject


def prepare(
    session: Session, subject: Subject, request: ShareRequest, version: int, reply: Reply
) -> ApprovalStep:
    """The approver answers item by item; nothing leaves the department yet."""
    check_prepared(session, request, version, reply)
    resource = requests.resource(session, request.resource_id)
    reply = reply.model_copy(update={"follows_editions": follows(reply.follows_editions, resource)})
    step = _step(session, subject, request, StepKind.PREPARED, reply.remark, reply)
    why = _answered(reply) | {
        "rows_limited": reply.row_filter is not None,
        "follows_editions": reply.follows_editions,
    }
    take(session, subject, request, PREPARE_REPLY, version, why=why)
    return step


def check_prepared(session: Session, request: ShareRequest, version: int, reply: Reply) -> None:
    """Everything that ``prepare`` refuses, before it is done."""
    check(request, PREPARE_REPLY, version)
    resource = requests.resource(session, request.resource_id)
    schema = schema_of(session, resource)
    grants_something = any(answer.outcome == "granted" for answer in reply.items)
    if grants_something and schema is None:
        raise NothingToDeliver
    _check(session, request, reply, resource, schema)


def send_back(
    session: Session, subject: Subject, request: ShareRequest, version: int, remark: str
) -> None:
    """The sharing head wants another reply; the clock runs on."""
    check_sent_back(request, version, remark)
    _step(session, subject, request, StepKind.SENT_BACK, remark)
    take(session, subject, request, SEND_BACK, version, why={"remark": remark})


def check_sent_back(request: ShareRequest, version: int, remark: str) -> None:
    """Everything that ``send_back`` refuses, before it is done."""
    if not remark.strip():
        fix = _("Say what the approver should change")
        raise Invalid(
            errors=[FieldError("/remark", "required", _("Sending back needs a reason"), fix)]
        )
    check(request, SEND_BACK, version)


def check_released(
    session: Session, subject: Subject, request: ShareRequest, version: int
) -> Reply:
    """The reply that ``release`` would let out. Raises what ``release`` refuses by rule."""
    check(request, RELEASE, version)
    prepared = repository.prepared(session, request.id)
    assert prepared is not None and prepared.reply is not None, "a prepared request has its reply"
    if prepared.actor_id == subject.user_id:
        raise SamePerson(subject, request.audit_ref(), request.audit_stream())
    reply = Reply.model_validate_json(json.dumps(prepared.reply))
    if (
        outcome_of(reply) is not RequestStatus.REFUSED
        and (reply.valid_until or request.until) < today()
    ):
        raise TermOver
    return reply


def release(
    session: Session, subject: Subject, request: ShareRequest, version: int, remark: str
) -> ShareGrant | None:
    """The provider's sharing head lets the reply out (Art. 20): the
    request is decided, a yes becomes a grant.
    """
    reply = check_released(session, subject, request, version)
    outcome = outcome_of(reply)
    _step(session, subject, request, StepKind.RELEASED, remark)
    request.decided_at = now()
    if outcome is RequestStatus.REFUSED:
        asking.came_to_nothing(session, subject, request)
    take(
        session,
        subject,
        request,
        RELEASE,
        version,
        to=outcome,
        why=_answered(reply) | {"remark": remark or None},
        words={"outcome": outcome.label},
    )
    return None if outcome is RequestStatus.REFUSED else _issue(session, subject, request, reply)


def schema_of(session: Session, resource: DataResource) -> pa.Schema | None:
    """The columns of the entry's current edition, stored or live; None without data."""
    edition = editions.current(session, resource.id)
    return data_schema(session, **whence(edition)) if edition else None


def whence(edition: Edition) -> dict[str, Any]:
    """The snapshot of stored data, or the attachment of live data: what a grant names."""
    return {"snapshot_id": edition.snapshot_id, "live_id": edition.live_id}


def follows(told: bool | None, resource: DataResource) -> bool:
    """Whether the grant gives the current edition of the data (跟随更新) or for ever that of the
    day of the decision (固定批次); unless it is told, what has an update cycle is followed.
    """
    if told is not None:
        return told
    return resource.update_cycle not in (None, UpdateCycle.IRREGULAR)


def _check(
    session: Session,
    request: ShareRequest,
    reply: Reply,
    resource: DataResource,
    schema: pa.Schema | None,
) -> None:
    everything, asked = (
        requests.items_of(session, resource.id),
        requests.items(session, request),
    )
    check_reply(
        reply,
        requested=asked,
        all_items=everything,
        schema=schema,
        share_type=requests.share_type(session, request),
        until=request.until,
        sources=other_departments(session, request),
        covers=negative.covers_of(session, [item.id for item in asked]),
    )
    whole = rows_granted(reply, resource, everything, schema) if schema is not None else None
    if whole is not None and schema is not None:  # the two together may be larger than a filter is
        parse_filter(whole, item_types(everything, schema), pointer="/row_filter")


def other_departments(session: Session, request: ShareRequest) -> Mapping[str, str]:
    """Departments that a refusal may name as the one to ask: code → name."""
    return {
        each.code: each.name
        for each in departments.listed(session)
        if each.id != request.provider_id
    }


def _issue(session: Session, subject: Subject, request: ShareRequest, reply: Reply) -> ShareGrant:
    resource = requests.held_resource(session, request.resource_id)
    # an entry of the negative list comes into force before this, and is seen, or after it, and
    # then finds the grant
    queue(session, resource.provider_id)
    edition, schema = editions.current(session, resource.id), schema_of(session, resource)
    if edition is None or schema is None:
        raise NothingToDeliver
    _check(
        session, request, reply, resource, schema
    )  # other data may have been stored since it was prepared
    everything = requests.items_of(session, resource.id)
    by_id: dict[object, ResourceItem] = {item.id: item for item in requests.items(session, request)}
    granted = [(each, by_id[each.item_id]) for each in reply.items if each.outcome == "granted"]
    terms = grants.Terms(
        request_no=request.request_no,
        consumer_id=request.consumer_id,
        purpose=request.scenario,
        resource_version=request.resource_version,
        items=[
            grants.ItemTerms(
                item_id=item.id,
                name=item.name,
                column_name=item.column_name,
                data_type=item.data_type,
                column_type=type_name(schema.field(item.column_name).type),
                mask=answer.mask,
            )
            for answer, item in granted
        ],
        row_filter=rows_granted(reply, resource, everything, schema),
        filter_columns=columns_of(session, resource.id),
        coverage=resource.coverage or EVERYTHING,
        valid_until=reply.valid_until or request.until,
        follows_editions=follows(reply.follows_editions, resource),
        edition_no=edition.number,
        **whence(edition),
    )
    return grants.issue(session, subject, resource, terms)


def rows_granted(
    reply: Reply, resource: DataResource, items: Sequence[ResourceItem], schema: pa.Schema
) -> dict[str, Any] | None:
    """The reply's own filter within the coverage that the entry declares on this day, also where
    all rows are granted: what a later version adds to it is another decision.
    """
    covered = coverage_filter(resource.coverage, items, schema)
    parts = [filter_document(covered)] if covered else []
    if reply.row_filter is not None:
        parts.insert(0, reply.row_filter)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}


def outcome_of(reply: Reply) -> RequestStatus:
    """Refused: no item. Approved: every item and every row. Everything between: partly approved."""
    granted = [answer for answer in reply.items if answer.outcome == "granted"]
    if not granted:
        return RequestStatus.REFUSED
    is_whole = len(granted) == len(reply.items) and reply.row_filter is None
    return RequestStatus.APPROVED if is_whole else RequestStatus.PARTLY_APPROVED


def _step(
    session: Session,
    subject: Subject,
    request: ShareRequest,
    kind: StepKind,
    remark: str,
    reply: Reply | None = None,
) -> ApprovalStep:
    assert subject.user_id is not None
    step = ApprovalStep(
        request_id=request.id,
        kind=kind,
        actor_id=subject.user_id,
        remark=remark,
        reply=reply.model_dump(mode="json", exclude={"remark"}) if reply else None,
    )
    session.add(step)
    session.flush()
    return step


def _answered(reply: Reply) -> dict[str, object]:
    """Items by outcome, for the event."""
    return {
        outcome: [str(answer.item_id) for answer in reply.items if answer.outcome == outcome]
        for outcome in ("granted", "refused")
    }
