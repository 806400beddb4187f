"""Words and values the pages of requests need beside what the API says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from auth.departments import repository as departments
from auth.roles import Role
from auth.steps import Person
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import SecurityLevel, ShareType
from exchange.requests import repository
from exchange.requests.lifecycle import LIFECYCLE
from exchange.requests.models import ShareRequest
from exchange.requests.views import queue
from exchange.requests.words import TONES, RequestStatus, Whose
from shuqiao.desk.due import Due
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
    dues = queue.dues_of(
        session,
        # of a request that was taken back the reply clock says nothing any more
        {row.request_no for row in rows if row.status is not RequestStatus.WITHDRAWN},
    )
    homes = departments.names(
        session, {side for row in rows for side in (row.consumer_id, row.provider_id)}
    )
    return [
        Row(
            request=row,
            tone=TONES[row.status],
            title=titles[row.resource_id],
            consumer=homes[row.consumer_id],
            provider=homes[row.provider_id],
            item_count=counts.get(row.id, 0),
            due=dues.get(row.request_no),
            waits_for=_waits_for(row, homes),
        )
        for row in rows
    ]


def waits_for(session: Session, row: ShareRequest) -> tuple[str, Message] | None:
    """Whose turn it is: department and role. The applicant's own draft waits for nobody."""
    return _waits_for(row, departments.names(session, {row.consumer_id, row.provider_id}))


def _waits_for(row: ShareRequest, homes: Mapping[UUID, str]) -> tuple[str, Message] | None:
    todo = LIFECYCLE.waiting().get(row.status)
    if todo is None or isinstance(todo.seat, Person):
        return None
    return homes[getattr(row, todo.seat.at)], todo.seat.role.label


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
