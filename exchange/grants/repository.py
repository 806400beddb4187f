"""Every SQL statement about grants."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, literal_column, text
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from audit.append import ObjectRef
from auth.departments.models import Department
from auth.visibility import visible
from catalog.elements.models import DataElement
from catalog.negative.repository import COVERED
from catalog.resources.models import ResourceItem
from catalog.resources.repository import items_of
from catalog.resources.words import ShareWay
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.words import GrantStatus, WhyNot
from exchange.requests.models import ShareRequest
from policies.actions import Action
from policies.facts import ResourceFacts
from shuqiao.db import Table, among_ids, column
from shuqiao.desk.models import InboxMessage
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

_COLUMNS: dict[str, Any] = {
    "consumer": column(ShareGrant.consumer_id),
    "provider": column(ShareGrant.provider_id),
    "status": column(ShareGrant.status),
}


class Details(NamedTuple):
    """Names of both sides, the number of the entry's current edition, the way that was granted, the
    use conditions as published when it was decided, granted items in the order of the wire.
    """

    consumer: str
    provider: str
    current_no: int | None
    share_way: str
    use_condition: str
    items: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SeenGrant:
    """A grant with its details, read past the ORM for a route that only shows it."""

    grant: ShareGrant
    details: Details

    def policy_facts(self) -> ResourceFacts:
        return self.grant.policy_facts()

    def audit_ref(self) -> ObjectRef:
        return self.grant.audit_ref()

    def audit_stream(self) -> str:
        return self.grant.audit_stream()


_STRUCK: Final = COVERED.format(item_id="granted_item.item_id")
#: Why an item may not leave as the entry stands now (``words.WhyNot``), NULL where it may.
_NOT_ALLOWED: Final = f"""
    CASE WHEN resource_item.removed_in IS NOT NULL THEN 'removed'
    WHEN {_STRUCK} THEN 'negative_entry'
    WHEN 'withheld' IN (resource_item.share_type, data_resource.share_type) THEN 'withheld'
    WHEN resource_item.data_type <> granted_item.data_type THEN 'retyped' END
"""

_ENTRIES: Final = """
    (SELECT coalesce(jsonb_agg(negative_entry.entry_no ORDER BY negative_entry.entry_no), '[]')
    FROM negative_cover JOIN negative_entry ON negative_entry.id = negative_cover.entry_id
    WHERE negative_cover.item_id = granted_item.item_id AND negative_cover.until IS NULL)
"""
_GRANTED: Final = """
    FROM granted_item JOIN resource_item ON resource_item.id = granted_item.item_id
    JOIN data_resource ON data_resource.id = resource_item.resource_id
"""
_CONSUMER, _PROVIDER = aliased(Department), aliased(Department)
#: The members of ``Details``.
_DETAILS: Final[tuple[Any, ...]] = (
    column(_CONSUMER.name).label("consumer"),
    column(_PROVIDER.name).label("provider"),
    literal_column("""
        (SELECT number FROM edition
        WHERE resource_id = share_grant.resource_id AND edition.status = 'current')
    """).label("current_no"),
    literal_column("""
        (SELECT share_way FROM share_request WHERE request_no = share_grant.request_no)
    """).label("share_way"),
    literal_column("""
        coalesce((SELECT entry ->> 'use_condition' FROM publication
        WHERE resource_id = share_grant.resource_id AND version = share_grant.resource_version), '')
    """).label("use_condition"),
    literal_column(f"""
        (SELECT coalesce(jsonb_agg(jsonb_build_object('item_id', item_id, 'name', granted_item.name,
            'column_name', granted_item.column_name, 'mask', mask, 'column_type', column_type,
            'suspended_at', suspended_at, 'not_allowed', {_NOT_ALLOWED}, 'suspended_why',
            suspended_why, 'negative_entries', {_ENTRIES}) ORDER BY granted_item.position), '[]')
        {_GRANTED} WHERE grant_id = share_grant.id)
    """).label("items"),
)
_STOPPED: Final = text(f"""
    SELECT * FROM (SELECT grant_id, item_id, granted_item.name,
        coalesce({_NOT_ALLOWED}, suspended_why) AS why {_GRANTED}) AS found
    WHERE why IS NOT NULL AND grant_id = ANY(CAST(:ids AS uuid[]))
""")
#: Of the grant of a statement the names of what does not leave, as an array.
STOPPED_NAMES: Final[Any] = literal_column(f"""
    ARRAY(SELECT granted_item.name::text {_GRANTED} WHERE granted_item.grant_id = share_grant.id
        AND (suspended_at IS NOT NULL OR {_NOT_ALLOWED} IS NOT NULL))
""")
_ALLOWED: Final = text(f"SELECT {_NOT_ALLOWED} {_GRANTED} WHERE granted_item.id = :id")
_IS_STRUCK: Final = text(f"""
    SELECT EXISTS (SELECT 1 {_GRANTED} WHERE grant_id = :id
        AND (suspended_why = 'negative_entry' OR {_STRUCK}))
""")
#: The states of a grant that is not over.
RUNNING: Final = (GrantStatus.PENDING_DELIVERY, GrantStatus.ACTIVE, GrantStatus.SUSPENDED)
_GRANT: Final = tuple(Table.metadata.tables["share_grant"].columns)


def _with_details(*columns: Any) -> Select[Any]:
    return (
        select_columns(*columns, *_DETAILS)
        .select_from(ShareGrant)
        .join(_CONSUMER, column(_CONSUMER.id) == ShareGrant.consumer_id)
        .join(_PROVIDER, column(_PROVIDER.id) == ShareGrant.provider_id)
    )


_DETAILS_OF: Final = _with_details(_GRANT[0]).where(among_ids(ShareGrant.id))
_SEEN: Final = _with_details(*_GRANT).where(column(ShareGrant.grant_no) == bindparam("no"))


def visible_to(subject: Subject) -> Any:
    """The rows the single check would show: the same rule, compiled to SQL."""
    return visible(Action.GRANT_READ, subject, _COLUMNS)


def by_no(session: Session, grant_no: str, *, lock: bool = False) -> ShareGrant | None:
    query = select(ShareGrant).where(ShareGrant.grant_no == grant_no)
    return session.exec(query.with_for_update() if lock else query).first()


def seen(session: Session, grant_no: str) -> SeenGrant | None:
    """A grant as it is shown, in one statement."""
    row = session.connection().execute(_SEEN, {"no": grant_no}).first()
    if row is None:
        return None
    values = {each.name: value for each, value in zip(_GRANT, row, strict=False)}
    return SeenGrant(ShareGrant(**values), Details(*row[len(_GRANT) :]))


def way_of(session: Session, grant: ShareGrant) -> ShareWay:
    """The way of sharing that was asked for and granted."""
    query = select(ShareRequest.share_way).where(ShareRequest.request_no == grant.request_no)
    return ShareWay(session.exec(query).one())


def by_request(session: Session, request_no: str) -> ShareGrant | None:
    return session.exec(select(ShareGrant).where(ShareGrant.request_no == request_no)).first()


def live_of(session: Session, request_nos: Sequence[str]) -> Collection[str]:
    """Those of the requests whose grant is neither ended nor past its last day."""
    if not request_nos:
        return ()
    query = select(ShareGrant).where(col(ShareGrant.request_no).in_(request_nos))
    return {grant.request_no for grant in session.exec(query) if not grant.standing.is_over}


def receivers_of(session: Session, subject: Subject, element: DataElement) -> Sequence[str]:
    """Departments that hold a live grant on items that follow the element, by name: of the grants
    that ``subject`` may see.
    """
    granted = (
        select(GrantedItem.grant_id)
        .join(ResourceItem, col(ResourceItem.id) == col(GrantedItem.item_id))
        .where(ResourceItem.element_id == element.id)
    )
    query = (
        select(Department.name)
        .join(ShareGrant, col(ShareGrant.consumer_id) == col(Department.id))
        .where(
            visible_to(subject),
            ShareGrant.status == GrantStatus.ACTIVE,
            col(ShareGrant.id).in_(granted),
        )
        .distinct()
    )
    return session.exec(query.order_by(col(Department.name))).all()


def items(session: Session, grant: ShareGrant) -> Sequence[GrantedItem]:
    """What is granted, in the order of the wire."""
    query = select(GrantedItem).where(GrantedItem.grant_id == grant.id)
    return session.exec(query.order_by(col(GrantedItem.position))).all()


def details(session: Session, grant_ids: Sequence[UUID]) -> Mapping[UUID, Details]:
    """What is shown beside the grants' own rows, by id: one statement for all, past the objects."""
    found = session.connection().execute(_DETAILS_OF, {"ids": list(grant_ids)})
    return {row[0]: Details(*row[1:]) for row in found}


def page(
    session: Session, subject: Subject, wanted: PageRequest
) -> tuple[Sequence[ShareGrant], str | None]:
    """One page of what ``subject`` may see, newest first."""
    query = select(ShareGrant).where(visible_to(subject))
    rows = session.exec(wanted.keyset(query, column(ShareGrant.grant_no), descending=True)).all()
    return wanted.cut(rows, lambda row: (row.grant_no,))


def ending_between(
    session: Session, subject: Subject, first: date, last: date, *, limit: int
) -> Sequence[ShareGrant]:
    """Active grants of the own department of ``subject`` whose last day
    is one of ``first`` to ``last``, the next to end first.
    """
    query = (
        select(ShareGrant)
        .where(visible_to(subject), col(ShareGrant.consumer_id) == subject.department_id)
        .where(col(ShareGrant.status) == GrantStatus.ACTIVE)
        .where(col(ShareGrant.valid_until).between(first, last))
        .order_by(col(ShareGrant.valid_until), col(ShareGrant.grant_no))
        .limit(limit)
    )
    return session.exec(query).all()


def past_term(session: Session, on: date) -> Sequence[ShareGrant]:
    """Live grants whose last day lies before ``on``, locked; those
    another sweeper holds are left to it.
    """
    live = col(ShareGrant.status).in_(RUNNING)
    query = select(ShareGrant).where(live, col(ShareGrant.valid_until) < on)
    return session.exec(query.with_for_update(skip_locked=True)).all()


def columns_of(session: Session, resource_id: UUID) -> dict[str, list[str]]:
    """Item id → [name, physical column] of every item of an entry: what a row filter of its next
    grant may speak of.
    """
    return {str(item.id): [item.name, item.column_name] for item in items_of(session, resource_id)}


def not_allowed(session: Session, grant: ShareGrant) -> Mapping[UUID, WhyNot]:
    """By item id what does not leave now, and why: suspended, or not allowed by the entry as it
    stands at this moment, whether or not anybody has noted that yet.
    """
    found = session.connection().execute(_STOPPED, {"ids": [grant.id]})
    return {row.item_id: WhyNot(row.why) for row in found}


def is_told(session: Session, what: Message, href: str) -> bool:
    """Whether anybody has been sent just this."""
    query = select(InboxMessage.id).where(
        InboxMessage.href == href, col(InboxMessage.what) == what.to_json()
    )
    return session.exec(query.limit(1)).first() is not None


def holding(session: Session, resource_id: UUID, *, lock: bool = False) -> Sequence[ShareGrant]:
    """The grants on an entry that are not over, the oldest first."""
    query = select(ShareGrant).where(
        ShareGrant.resource_id == resource_id, col(ShareGrant.status).in_(RUNNING)
    )
    query = query.order_by(col(ShareGrant.grant_no))
    return session.exec(query.with_for_update() if lock else query).all()


def live_of_consumer(session: Session, consumer_id: UUID) -> Sequence[ShareGrant]:
    """The grants of a department that are not over, by number."""
    query = select(ShareGrant).where(
        ShareGrant.consumer_id == consumer_id, col(ShareGrant.status).in_(RUNNING)
    )
    return session.exec(query.order_by(col(ShareGrant.grant_no))).all()


def why_not(session: Session, item: GrantedItem) -> WhyNot | None:
    """Why the entry does not allow the item as it stands, whoever suspended it; None: it does."""
    why = session.connection().execute(_ALLOWED, {"id": item.id}).scalar_one()
    return WhyNot(why) if why else None


def is_struck(session: Session, grant: ShareGrant) -> bool:
    """Whether a negative entry keeps, or kept until somebody settles it, any item from leaving."""
    found = session.connection().execute(_IS_STRUCK, {"id": grant.id})
    return bool(found.scalar_one())
