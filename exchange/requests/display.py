"""Words and values the pages of requests need beside what the API says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import Session

from auth import accounts
from auth.roles import Role
from catalog.resources.models import DataResource, ResourceItem, SecurityLevel, ShareType
from exchange.requests import repository
from exchange.requests.lifecycle import WAITING_FOR, RequestStatus
from exchange.requests.models import ShareRequest
from exchange.requests.repository import Whose
from shuqiao.clock import today
from shuqiao.desk.due import Due, due_of
from shuqiao.desk.models import CaseClock
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

#: What each state means for the people involved.
MEANINGS: Final[Mapping[RequestStatus, Message]] = {
    RequestStatus.DRAFT: _("Not sent. A draft waits for nobody and is not deleted."),
    RequestStatus.OWN_CONSENT: _(
        "With the sharing head of the asking department; it has not left the department."
    ),
    RequestStatus.SUBMITTED: _("Accepted at the unified intake; the provider prepares its reply."),
    RequestStatus.REPLY_PREPARED: _("The provider's sharing head is about to release the reply."),
    RequestStatus.APPROVED: _(
        "Every item was granted. Data can be fetched once the grant is active."
    ),
    RequestStatus.PARTLY_APPROVED: _(
        "A part was granted. Data can be fetched once the grant is active."
    ),
    RequestStatus.REFUSED: _("Nothing was granted; the reasons stand with each item."),
    RequestStatus.WITHDRAWN: _("The applicant took it back. It can be copied into a new request."),
}

#: What a step just taken is confirmed with, by the ``done`` of the address.
DONE: Final[Mapping[str, tuple[Message, Message]]] = {
    "created": (_("The draft is saved"), _("Check it, then ask your sharing head for consent.")),
    "asked": (
        _("Handed to your sharing head"),
        _("With their consent the request goes to the unified intake."),
    ),
    "consented": (_("The request is at the unified intake"), _("The reply clock has started.")),
    "returned": (_("Returned to the applicant"), _("The applicant has been told why.")),
    "withdrawn": (_("The request is withdrawn"), _("It can be copied into a new one.")),
    "prepared": (_("The reply is prepared"), _("It goes out when your sharing head releases it.")),
    "released": (_("The reply is released"), _("The consumer has been told.")),
    "sent_back": (_("The reply is sent back to the approver"), _("The reply clock runs on.")),
}
#: After these the reader's own queue goes on.
DEALT_WITH: Final = frozenset({"consented", "returned", "prepared", "released", "sent_back"})

#: Labels of the form's fields, for the form, the error summary and the page of a request.
FIELDS: Final[Mapping[str, Message]] = {
    "item_ids": _("Items asked for"),
    "basis": _("Basis of use"),
    "scenario": _("Scenario of use"),
    "scope": _("Scope of use"),
    "share_way": _("Way of sharing"),
    "until": _("Term of use until"),
}

WHOSE: Final[Mapping[Whose, Message]] = {
    Whose.MINE: _("Drafted by me"),
    Whose.ASKED_BY_US: _("Asked by my department"),
    Whose.ASKED_OF_US: _("Asked of my department"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One request in a list."""

    request: ShareRequest
    tone: str
    title: str
    consumer: str
    provider: str
    item_count: int
    due: Due | None
    waits_for: tuple[str, Message] | None


def rows_shown(session: Session, rows: Sequence[ShareRequest]) -> list[Row]:
    """The rows with names, whose turn it is, and the date by which the reply is due."""
    titles = repository.titles(session, {row.resource_id for row in rows})
    counts = repository.item_counts(session, {row.id for row in rows})
    clocks = {
        clock.case_no: clock
        for clock in repository.reply_clocks(session, {row.request_no for row in rows})
    }
    return [
        Row(
            request=row,
            tone=TONES[row.status],
            title=titles[row.resource_id],
            consumer=accounts.department(session, row.consumer_id).name,
            provider=accounts.department(session, row.provider_id).name,
            item_count=counts.get(row.id, 0),
            due=_due(session, row, clocks.get(row.request_no)),
            waits_for=waits_for(session, row),
        )
        for row in rows
    ]


def _due(session: Session, row: ShareRequest, clock: CaseClock | None) -> Due | None:
    """The reply clock; of a request that was taken back it says nothing any more."""
    return (
        due_of(session, clock)
        if clock is not None and row.status is not RequestStatus.WITHDRAWN
        else None
    )


def waits_for(session: Session, row: ShareRequest) -> tuple[str, Message] | None:
    """Whose turn it is: department and role. The applicant's own draft waits for nobody."""
    waiting = WAITING_FOR.get(row.status)
    if waiting is None:
        return None
    role, side = waiting
    department = accounts.department(
        session, row.consumer_id if side == "consumer" else row.provider_id
    )
    return department.name, Role(role).label


def choices_of_whose(subject: Subject) -> list[Whose]:
    """The narrower lists that make sense for the reader."""
    found = [Whose.MINE] if subject.has(Role.APPLICANT) else []
    found += (
        [Whose.ASKED_BY_US] if subject.has(Role.APPLICANT) or subject.has(Role.SHARING_HEAD) else []
    )
    return found + (
        [Whose.ASKED_OF_US] if subject.has(Role.APPROVER) or subject.has(Role.SHARING_HEAD) else []
    )


def items_shown(session: Session, resource: DataResource) -> list[ResourceItem]:
    """The items that can be asked for."""
    return [
        item
        for item in repository.items_of(session, resource.id)
        if item.share_type is not ShareType.WITHHELD
    ]


def duties(item: ResourceItem) -> list[Message]:
    """What asking for this item obliges to beyond the others."""
    found = []
    if item.is_personal:
        found.append(
            _("Personal information: only as far as a legal duty needs it; it may be masked.")
        )
    level = item.security_level
    if level is not None and level.rank >= SecurityLevel.GENERAL_3.rank:
        found.append(
            _("Higher level: say in the scope of use who may see it and how it is protected.")
        )
    return found


def first_values(resource: DataResource) -> dict[str, Any]:
    """A new form: the resource's own way of sharing, a term of one year."""
    way = resource.share_way.value if resource.share_way else None
    return {"resource_code": resource.code, "share_way": way, "until": one_year_on(today())}


def present_values(session: Session, request: ShareRequest) -> dict[str, Any]:
    """The form filled with what a request asks for."""
    asked = {"item_ids": [str(item.id) for item in repository.items(session, request)]}
    return request.model_dump(include={"basis", "scenario", "scope", "share_way", "until"}) | asked


def asked_again(session: Session, earlier: ShareRequest) -> dict[str, Any]:
    """A new form filled from an earlier request."""
    resource = repository.resource(session, earlier.resource_id)
    until = max(earlier.until, today() + timedelta(days=1))
    return present_values(session, earlier) | {"resource_code": resource.code, "until": until}


def one_year_on(day: date) -> date:
    """The last day of a year that begins on ``day``: 2026-02-11 → 2027-02-10."""
    try:
        return day.replace(year=day.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
