"""Words and values the pages of requests need beside what the API says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import Session

from auth import accounts
from catalog.resources.models import DataResource, ResourceItem, ShareType
from exchange.requests import repository
from exchange.requests.lifecycle import RequestStatus
from exchange.requests.models import ShareRequest
from shuqiao.clock import today
from shuqiao.desk import clocks, todos
from shuqiao.desk.due import Due, due_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

TONES: Final[Mapping[RequestStatus, str]] = {
    RequestStatus.DRAFT: "neutral",
    RequestStatus.OWN_CONSENT: "warning",
    RequestStatus.SUBMITTED: "info",
    RequestStatus.REPLY_PREPARED: "info",
    RequestStatus.APPROVED: "success",
    RequestStatus.PARTLY_APPROVED: "success",
    RequestStatus.REFUSED: "danger",
    RequestStatus.WITHDRAWN: "neutral",
}

#: What a step just taken is confirmed with, by the ``done`` of the address.
DONE: Final[Mapping[str, tuple[Message, Message]]] = {
    "created": (_("The draft is saved"), _("Check it, then ask your sharing head for consent.")),
    "asked": (_("Handed to your sharing head"), _("With their consent the request goes to the unified intake.")),
    "consented": (_("The request is at the unified intake"), _("The reply clock has started.")),
    "returned": (_("Returned to the applicant"), _("The applicant has been told why.")),
    "withdrawn": (_("The request is withdrawn"), _("It can be copied into a new one.")),
    "prepared": (_("The reply is prepared"), _("It goes out when your sharing head releases it.")),
    "released": (_("The reply is released"), _("The consumer has been told.")),
    "sent_back": (_("The reply is sent back to the approver"), _("The reply clock runs on.")),
}

#: Labels of the form's fields, for the form, the error summary and the page of a request.
FIELDS: Final[Mapping[str, Message]] = {
    "item_ids": _("Items asked for"),
    "basis": _("Basis of use"),
    "scenario": _("Scenario of use"),
    "scope": _("Scope of use"),
    "share_way": _("Way of sharing"),
    "until": _("Term of use until"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One request in a list."""

    request: ShareRequest
    tone: str
    title: str
    consumer: str
    provider: str
    due: Due | None


def rows_shown(session: Session, rows: Sequence[ShareRequest]) -> list[Row]:
    """The rows with names and the date by which the reply is due."""
    return [
        Row(
            request=row, tone=TONES[row.status], title=repository.resource(session, row.resource_id).title,
            consumer=accounts.department(session, row.consumer_id).name,
            provider=accounts.department(session, row.provider_id).name,
            due=next((due_of(session, clock) for clock in clocks.clocks_of(session, row.request_no)), None),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something about a request that waits for the reader."""

    what: Message
    href: str
    due_on: date | None


def waiting_rows(session: Session, subject: Subject) -> list[Waiting]:
    """The reader's own to-do list, as far as it speaks of requests."""
    return [
        Waiting(Message.from_json(todo.what), todo.href, todo.due_on)
        for todo in todos.open_for(session, subject)
        if todo.case_no.startswith("REQ-")
    ]


def items_shown(session: Session, resource: DataResource) -> list[ResourceItem]:
    """The items that can be asked for."""
    return [item for item in repository.items_of(session, resource.id) if item.share_type is not ShareType.WITHHELD]


def first_values(resource: DataResource) -> dict[str, Any]:
    """A new form: the resource's own way of sharing, a term of one year."""
    way = resource.share_way.value if resource.share_way else None
    return {"resource_code": resource.code, "share_way": way, "until": one_year_on(today())}


def asked_again(session: Session, earlier: ShareRequest) -> dict[str, Any]:
    """A new form filled from an earlier request."""
    resource = repository.resource(session, earlier.resource_id)
    asked = {"item_ids": [str(item.id) for item in repository.items(session, earlier)]}
    plain = earlier.model_dump(include={"basis", "scenario", "scope", "share_way"})
    until = max(earlier.until, today() + timedelta(days=1))
    return {"resource_code": resource.code, "until": until, **asked, **plain}


def one_year_on(day: date) -> date:
    """The last day of a year that begins on ``day``: 2026-02-11 → 2027-02-10."""
    try:
        return day.replace(year=day.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
