"""One request (申请) as its page shows it, and the question before it is taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from auth.cases import possible
from auth.departments.service import is_by_reference
from auth.guard import Authorized
from auth.steps import Done, Step
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ShareType, ShareWay
from exchange.requests import repository
from exchange.requests.lifecycle import ASK_CONSENT, LIFECYCLE, WITHDRAW
from exchange.requests.models import ShareRequest
from exchange.requests.schemas import RequestRead
from exchange.requests.views.ahead import Ahead, ahead
from exchange.requests.views.changes import last_return, of_entry, since_last_asked
from exchange.requests.views.lists import waits_for
from exchange.requests.views.queue import Task, next_task
from exchange.requests.views.request import read_model
from exchange.requests.views.timeline import timeline
from exchange.requests.words import FIELDS, INSIDE, MEANINGS, TONES, RequestStatus
from shuqiao.changes import Change
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, due_of
from shuqiao.i18n import Message
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.slots import PageSlot, ShownPanel

#: What higher stages add to a request's page: the reply item by item, the grant.
PAGE: PageSlot[ShareRequest] = PageSlot()

#: States in which the request has not left its department.


@dataclass(frozen=True, slots=True)
class RequestPage(Page):
    """``acts``: the steps the reader can take, by name. ``following``: the task to go on with."""

    template = "requests/show.html"
    form: Form
    shown: RequestRead
    items: Sequence[ResourceItem]
    tone: str
    meaning: Message
    done: Done | None
    is_asked: bool
    following: Task | None
    ahead: Sequence[Ahead]
    changes: Sequence[Change] | None
    entry_changes: Sequence[Change] | None
    fields: Mapping[str, Message]
    returned: str
    dues: Sequence[Due]
    timeline: Sequence[Mapping[str, Any]]
    acts: Mapping[str, Step[RequestStatus]]
    waiting_for: tuple[str, Message] | None
    panels: Sequence[ShownPanel]
    share_way: ShareWay
    share_type: ShareType
    resource: DataResource


def request_page(
    session: Session, found: Authorized[ShareRequest], form: Form, done: str = ""
) -> RequestPage:
    """The request for its reader; ``done``: what was just confirmed."""
    row, subject = found.object, found.subject
    is_ours = subject.department_id == row.consumer_id
    said = LIFECYCLE.done(done)
    goes_on = said is not None and said.goes_on
    is_back = is_ours and row.status is RequestStatus.DRAFT
    return RequestPage(
        form=form,
        shown=read_model(session, row),
        items=repository.items(session, row),
        tone=TONES[row.status],
        meaning=MEANINGS[row.status],
        done=said,
        is_asked=said is ASK_CONSENT.done,
        following=next_task(session, subject, beside=row.request_no) if goes_on else None,
        ahead=ahead(session, row) if is_ours else (),
        changes=since_last_asked(session, row) if is_ours and row.status in INSIDE else None,
        entry_changes=of_entry(session, row),
        fields=FIELDS,
        returned=last_return(session, row) if is_back else "",
        dues=[
            due_of(session, clock, is_reference=is_by_reference(session, row.provider_id))
            for clock in clocks.clocks_of(session, row.request_no)
        ],
        timeline=timeline(session, subject, row),
        acts={step.name: step for step in possible(subject, row, LIFECYCLE)},
        waiting_for=waits_for(session, row),
        panels=PAGE.shown(session, subject, row),
        share_way=ShareWay(row.share_way),
        share_type=repository.share_type(session, row),
        resource=repository.resource(session, row.resource_id),
    )


@dataclass(frozen=True, slots=True)
class WithdrawalPage(Page):
    """The question before a request is taken back: it cannot be undone."""

    template = "requests/withdrawal.html"
    form: Form
    row: ShareRequest
    step: Step[RequestStatus]
    title: str


def withdrawal_page(
    session: Session, found: Authorized[ShareRequest], form: Form
) -> WithdrawalPage:
    row = found.object
    title = repository.resource(session, row.resource_id).title
    return WithdrawalPage(form, row, WITHDRAW, title)
