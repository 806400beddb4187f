"""Words and values the pages of requests need beside what the API says."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from auth.departments import repository as departments
from auth.roles import Role
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import SecurityLevel, ShareType
from exchange.requests import repository
from exchange.requests.lifecycle import LIFECYCLE
from exchange.requests.models import ShareRequest
from exchange.requests.words import TONES, RequestStatus, Whose
from shuqiao.desk.due import Due, due_of
from shuqiao.desk.models import CaseClock
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


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
            consumer=departments.by_id(session, row.consumer_id).name,
            provider=departments.by_id(session, row.provider_id).name,
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
    todo = LIFECYCLE.waiting().get(row.status)
    if todo is None:
        return None
    return departments.by_id(session, getattr(row, todo.seat.at)).name, todo.seat.role.label


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
