"""Every SQL statement about share requests."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, func, select

from auth.visibility import visible
from catalog.publication.models import Publication
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.repository import PRESENT
from catalog.resources.words import ShareType
from exchange.requests.lifecycle import REPLY
from exchange.requests.models import RequestedItem, ShareRequest
from exchange.requests.words import RequestStatus, Whose
from policies.actions import Action
from shuqiao.db import column
from shuqiao.desk.models import CaseClock, InboxMessage, Todo
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: How the numbers of requests begin.
CASES: Final = "REQ-"

_COLUMNS: dict[str, Any] = {
    "consumer": column(ShareRequest.consumer_id),
    "provider": column(ShareRequest.provider_id),
    "status": column(ShareRequest.status),
    "applicant": column(ShareRequest.applicant_id),
    "has_left": col(ShareRequest.submitted_at).is_not(None),
}


def visible_to(subject: Subject) -> Any:
    """The rows the single check would show: the same rule, compiled to SQL."""
    return visible(Action.REQUEST_READ, subject, _COLUMNS)


def by_no(session: Session, request_no: str, *, lock: bool = False) -> ShareRequest | None:
    query = select(ShareRequest).where(ShareRequest.request_no == request_no)
    return session.exec(query.with_for_update() if lock else query).first()


def page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    status: RequestStatus | None = None,
    whose: Whose | None = None,
) -> tuple[Sequence[ShareRequest], str | None]:
    """One page of what ``subject`` may see, newest first."""
    query = select(ShareRequest).where(visible_to(subject))
    if status is not None:
        query = query.where(ShareRequest.status == status)
    if whose is Whose.MINE:
        query = query.where(ShareRequest.applicant_id == subject.user_id)
    elif whose is not None:
        side = ShareRequest.consumer_id if whose is Whose.ASKED_BY_US else ShareRequest.provider_id
        query = query.where(side == subject.department_id)
    rows = session.exec(
        wanted.keyset(query, column(ShareRequest.request_no), descending=True)
    ).all()
    return wanted.cut(rows, lambda row: (row.request_no,))


def by_numbers(
    session: Session, subject: Subject, numbers: Iterable[str]
) -> Sequence[ShareRequest]:
    """Those of the requests that ``subject`` may see."""
    query = select(ShareRequest).where(
        col(ShareRequest.request_no).in_(list(numbers)), visible_to(subject)
    )
    return session.exec(query).all()


def same(
    session: Session, consumer_id: UUID, resource_id: UUID, purpose_digest: str
) -> Sequence[ShareRequest]:
    """What the department asked for this purpose of this resource and was neither refused nor took
    back, the first first; drafts are no asking yet.
    """
    query = select(ShareRequest).where(
        ShareRequest.consumer_id == consumer_id,
        ShareRequest.resource_id == resource_id,
        ShareRequest.purpose_digest == purpose_digest,
        col(ShareRequest.status).in_([each for each in RequestStatus if each.is_open or each.gave]),
    )
    return session.exec(query.order_by(col(ShareRequest.request_no))).all()


def open_for(session: Session, resource_id: UUID) -> Sequence[ShareRequest]:
    """The requests for an entry that are drafted or asked and neither answered nor taken back."""
    waiting = [each for each in RequestStatus if each.is_open or each is RequestStatus.DRAFT]
    query = select(ShareRequest).where(
        ShareRequest.resource_id == resource_id, col(ShareRequest.status).in_(waiting)
    )
    return session.exec(query.order_by(col(ShareRequest.request_no))).all()


def under_way_of(session: Session, consumer_id: UUID) -> Sequence[ShareRequest]:
    """The requests of a department that are drafted or asked and not settled, by number."""
    waiting = [each for each in RequestStatus if each.is_open or each is RequestStatus.DRAFT]
    query = select(ShareRequest).where(
        ShareRequest.consumer_id == consumer_id, col(ShareRequest.status).in_(waiting)
    )
    return session.exec(query.order_by(col(ShareRequest.request_no))).all()


def is_told(session: Session, user_id: UUID, href: str, what: Message) -> bool:
    """Whether the person has been sent just this."""
    query = select(InboxMessage.id).where(
        InboxMessage.user_id == user_id,
        InboxMessage.href == href,
        col(InboxMessage.what) == what.to_json(),
    )
    return session.exec(query.limit(1)).first() is not None


def titles(session: Session, resource_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Titles of resources by id."""
    query = select(DataResource.id, DataResource.title).where(
        col(DataResource.id).in_(list(resource_ids))
    )
    return dict(session.exec(query).all())


def item_counts(session: Session, request_ids: Iterable[UUID]) -> Mapping[UUID, int]:
    """How many items each request asks for."""
    wanted = col(RequestedItem.request_id).in_(list(request_ids))
    query = (
        select(RequestedItem.request_id, func.count())
        .where(wanted)
        .group_by(col(RequestedItem.request_id))
    )
    return dict(session.exec(query).all())


def reply_clocks(session: Session, numbers: Iterable[str]) -> Sequence[CaseClock]:
    """The reply clock of each case that has one."""
    query = select(CaseClock).where(
        col(CaseClock.case_no).in_(list(numbers)), CaseClock.kind == REPLY
    )
    return session.exec(query.order_by(col(CaseClock.id))).all()


def done_todos(
    session: Session, subject: Subject, wanted: PageRequest
) -> tuple[Sequence[Todo], str | None]:
    """One page of the tasks about requests that ``subject`` dealt with, the latest first."""
    query = select(Todo).where(
        Todo.done_by == subject.user_id,
        col(Todo.case_no).startswith(CASES),
        col(Todo.role).in_(subject.roles),
        col(Todo.done_at).is_not(None),
    )
    rows = session.exec(
        wanted.keyset(query, column(Todo.done_at), column(Todo.id), descending=True)
    ).all()
    return wanted.cut(rows, lambda row: (row.done_at, row.id))


def items(session: Session, request: ShareRequest) -> Sequence[ResourceItem]:
    """The requested items in the order of the request."""
    return items_of_all(session, [request.id])[request.id]


def items_of_all(
    session: Session, request_ids: Iterable[UUID]
) -> Mapping[UUID, Sequence[ResourceItem]]:
    """The same for many requests at once, by the request's id."""
    found: dict[UUID, list[ResourceItem]] = {request_id: [] for request_id in request_ids}
    query = (
        select(RequestedItem.request_id, ResourceItem)
        .join(ResourceItem, col(RequestedItem.item_id) == ResourceItem.id)
        .where(col(RequestedItem.request_id).in_(found))
        .order_by(col(RequestedItem.position))
    )
    for request_id, item in session.exec(query):
        found[request_id].append(item)
    return found


def replace_items(session: Session, request: ShareRequest, item_ids: Sequence[UUID]) -> None:
    """Ask for these items, in this order, and for no others."""
    for row in session.exec(select(RequestedItem).where(RequestedItem.request_id == request.id)):
        session.delete(row)
    session.flush()
    for position, item_id in enumerate(item_ids):
        session.add(RequestedItem(request_id=request.id, item_id=item_id, position=position))
    session.flush()


def share_types(session: Session, rows: Sequence[ShareRequest]) -> Mapping[UUID, ShareType]:
    """By the request's id the kind of sharing of the version it was made against: what a later
    version says touches new requests only.
    """
    query = (
        select(ShareRequest.id, col(Publication.entry)["share_type"].as_string())
        .join(Publication, col(Publication.resource_id) == ShareRequest.resource_id)
        .where(Publication.version == ShareRequest.resource_version)
        .where(col(ShareRequest.id).in_([row.id for row in rows]))
    )
    return {row_id: ShareType(told) for row_id, told in session.exec(query)}


def share_type(session: Session, row: ShareRequest) -> ShareType:
    """The same of one request."""
    return share_types(session, [row])[row.id]


def resource(session: Session, resource_id: UUID) -> DataResource:
    return session.get_one(DataResource, resource_id)


def held_resource(session: Session, resource_id: UUID) -> DataResource:
    """The resource as it is now; no version of it is published until this transaction ends."""
    query = select(DataResource).where(DataResource.id == resource_id)
    query = query.with_for_update(read=True, key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).one()


def resources(session: Session, ids: Iterable[UUID]) -> Mapping[UUID, DataResource]:
    """The resources ``ids``, by id."""
    query = select(DataResource).where(col(DataResource.id).in_(list(ids)))
    return {resource.id: resource for resource in session.exec(query)}


def resource_by_code(session: Session, code: str) -> DataResource | None:
    query = select(DataResource).where(
        DataResource.code == code, col(DataResource.copy_of).is_(None)
    )
    return session.exec(query).first()


def items_of(session: Session, resource_id: UUID) -> Sequence[ResourceItem]:
    """All items of a resource in their order."""
    query = select(ResourceItem).where(ResourceItem.resource_id == resource_id, PRESENT)
    return session.exec(query.order_by(col(ResourceItem.position))).all()
