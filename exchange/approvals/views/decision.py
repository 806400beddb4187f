"""What is needed to decide, on one page: the request in a sentence,
what changed, items, checks, history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.departments import repository as departments
from auth.departments.service import is_by_reference
from catalog.negative import repository as negative
from catalog.negative.models import NegativeEntry
from catalog.resources.fields.coverage import covered
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ShareType, ShareWay
from exchange.approvals import repository
from exchange.approvals.checks.advice import CHECKS, RequestFacts
from exchange.approvals.models import ApprovalStep
from exchange.approvals.service import other_departments, schema_of
from exchange.approvals.views.asked import Asked, is_sayable
from exchange.approvals.views.history import History, history
from exchange.approvals.views.reply import AnswerShown, ReplyShown, reply_shown
from exchange.approvals.words import StepKind
from exchange.requests import repository as requests
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import RequestRead
from exchange.requests.views.changes import of_entry, since
from exchange.requests.views.request import read_model
from exchange.requests.views.timeline import timeline
from exchange.requests.words import FIELDS, TONES, RequestStatus
from shuqiao.changes import Change, Value, compare
from shuqiao.checks import Result, results
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, due_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


@dataclass(frozen=True, slots=True)
class ItemShown:
    """A requested item, with the live grants under which the department already holds it, and the
    negative entries that strike it.
    """

    item: ResourceItem
    held_under: Sequence[str]
    struck_by: Sequence[NegativeEntry]


def asked(session: Session, row: ShareRequest) -> Asked:
    """What the decision form is about."""
    resource = requests.resource(session, row.resource_id)
    schema = schema_of(session, resource)
    items = requests.items(session, row)
    return Asked(
        items=items,
        everything=requests.items_of(session, resource.id),
        schema=schema,
        share_type=requests.share_type(session, row),
        until=row.until,
        sources=other_departments(session, row),
        covers=negative.covers_of(session, [item.id for item in items]),
    )


@dataclass(frozen=True, slots=True)
class Prepared:
    """The reply as it was prepared last.

    ``reply``: in words, from when it waits for its release; ``changes``: what it says otherwise
    than the one before. ``sent_back``: the head's words. ``is_filter_lost``: the form cannot show
    its row filter.
    """

    step: ApprovalStep | None
    preparer: str
    reply: ReplyShown | None
    changes: Sequence[Change] | None
    sent_back: str
    is_filter_lost: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """The left side of the page. ``previous``: the department's last request for the same, and
    ``changes`` what this one asks for otherwise. ``entry_changes``: what a later version of the
    entry says otherwise; ``coverage``: what its rows are declared to be about, in words.
    """

    shown: RequestRead
    resource: DataResource
    tone: str
    share_way: ShareWay
    labels: Mapping[str, Message]
    dues: Sequence[Due]
    asked_items: Sequence[ItemShown]
    item_total: int
    checks: Sequence[Result]
    past: History
    previous: ShareRequest | None
    changes: Sequence[Change]
    entry_changes: Sequence[Change] | None
    share_type: ShareType
    coverage: str
    timeline: Sequence[Mapping[str, Any]]
    next_actor: Message | str
    prepared: Prepared


def facts(session: Session, subject: Subject, row: ShareRequest, wanted: Asked) -> Facts:
    """Everything needed to decide."""
    past = history(session, row)
    previous = past.same[0] if past.same else None
    resource = requests.resource(session, row.resource_id)
    return Facts(
        shown=read_model(session, row),
        resource=resource,
        tone=TONES[row.status],
        share_way=ShareWay(row.share_way),
        labels=FIELDS,
        dues=[
            due_of(session, clock, is_reference=is_by_reference(session, row.provider_id))
            for clock in clocks.clocks_of(session, row.request_no)
        ],
        asked_items=[
            ItemShown(item, past.holdings.get(item.id, ()), wanted.covers.get(item.id, ()))
            for item in wanted.items
        ],
        item_total=len(wanted.everything),
        checks=results(CHECKS, check_facts(row, resource, wanted, past)),
        past=past,
        previous=previous,
        changes=since(session, previous, row) if previous else [],
        entry_changes=of_entry(session, row),
        share_type=wanted.share_type,
        coverage=covered(resource.coverage),
        timeline=timeline(session, subject, row),
        next_actor=_next_actor(session, row),
        prepared=_prepared(session, row),
    )


def check_facts(
    row: ShareRequest, resource: DataResource, wanted: Asked, past: History
) -> RequestFacts:
    """What the automatic checks look at."""
    refused = [each.request_no for each in past.refused]
    return RequestFacts(
        row, resource, wanted.items, wanted.schema, past.holdings, refused, wanted.covers
    )


def _next_actor(session: Session, row: ShareRequest) -> Message | str:
    provider = departments.by_id(session, row.provider_id).name
    if row.status is RequestStatus.SUBMITTED:
        return _("%(department)s, approver", department=provider)
    return (
        _("%(department)s, sharing head", department=provider)
        if row.status is RequestStatus.REPLY_PREPARED
        else ""
    )


def _prepared(session: Session, row: ShareRequest) -> Prepared:
    steps = repository.steps(session, row.id)
    replies = [step for step in steps if step.kind is StepKind.PREPARED and step.reply is not None]
    last = replies[-1] if replies else None
    is_sent_back = bool(steps) and steps[-1].kind is StepKind.SENT_BACK
    is_shown = last is not None and row.status is not RequestStatus.SUBMITTED
    filter_before = last.reply.get("row_filter") if last is not None and last.reply else None
    return Prepared(
        step=last,
        preparer=accounts.user_name(session, last.actor_id) if last else "",
        reply=_words(session, row, last) if last is not None and is_shown else None,
        changes=_reply_changes(session, row, replies) if is_shown and len(replies) > 1 else None,
        sent_back=steps[-1].remark if is_sent_back else "",
        is_filter_lost=not is_sayable(filter_before),
    )


def _words(session: Session, row: ShareRequest, step: ApprovalStep) -> ReplyShown:
    assert step.reply is not None
    return reply_shown(session, row, step.reply)


def _reply_changes(
    session: Session, row: ShareRequest, replies: Sequence[ApprovalStep]
) -> list[Change]:
    """What a reply says otherwise than the one that was sent back, in words: so it was read."""
    before, after = ((_words(session, row, step), step.remark) for step in replies[-2:])
    items = [Value(str(answer.item.id), answer.item.name) for answer in after[0].answers]
    plain = {
        "rows": _("Rows"),
        "valid_until": _("Valid until"),
        "editions": _("Editions of the data"),
        "remark": _("Remark"),
    }
    table = [*items, *(Value(name, label) for name, label in plain.items())]
    return compare(table, _read(*before), _read(*after))


def _read(reply: ReplyShown, remark: str) -> dict[str, str]:
    return {str(answer.item.id): str(_said(answer)) for answer in reply.answers} | {
        "rows": str(reply.rows),
        "valid_until": reply.valid_until.isoformat(),
        "editions": str(reply.editions),
        "remark": remark,
    }


def _said(answer: AnswerShown) -> Message:
    if answer.is_granted:
        return _("Agree: %(mask)s", mask=answer.mask)
    told = " ".join(map(str, (answer.remark, *answer.grounds)))
    return _("Refuse: %(reason)s %(remark)s", reason=answer.reason, remark=told)
