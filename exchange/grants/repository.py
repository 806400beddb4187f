"""Every SQL statement about grants."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, literal_column
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from audit.append import ObjectRef
from auth.departments.models import Department
from auth.visibility import visible
from catalog.resources.models import ResourceItem
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.words import GrantStatus
from policies.actions import Action
from policies.facts import ResourceFacts
from shuqiao.db import Table, among_ids, column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

_COLUMNS: dict[str, Any] = {
    "consumer": column(ShareGrant.consumer_id),
    "provider": column(ShareGrant.provider_id),
    "status": column(ShareGrant.status),
}


class Details(NamedTuple):
    """Names of both sides, granted items in the order of the wire, and of a grant with a row filter
    the columns it may speak of: item id → [name, physical column].
    """

    consumer: str
    provider: str
    items: Sequence[Mapping[str, Any]]
    columns: Mapping[str, Sequence[str]]


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


_CONSUMER, _PROVIDER = aliased(Department), aliased(Department)
#: The members of ``Details``.
_DETAILS: Final[tuple[Any, ...]] = (
    column(_CONSUMER.name).label("consumer"),
    column(_PROVIDER.name).label("provider"),
    literal_column("""
        (SELECT coalesce(jsonb_agg(jsonb_build_object('item_id', item_id, 'name', name,
            'column_name', column_name, 'mask', mask) ORDER BY position), '[]')
        FROM granted_item WHERE grant_id = share_grant.id)
    """).label("items"),
    literal_column("""
        (SELECT coalesce(jsonb_object_agg(id, jsonb_build_array(name, column_name)), '{}')
        FROM resource_item
        WHERE resource_id = share_grant.resource_id AND share_grant.row_filter IS NOT NULL)
    """).label("columns"),
)
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


def by_request(session: Session, request_no: str) -> ShareGrant | None:
    return session.exec(select(ShareGrant).where(ShareGrant.request_no == request_no)).first()


def live_of(session: Session, request_nos: Sequence[str]) -> Collection[str]:
    """Those of the requests whose grant is neither ended nor past its last day."""
    if not request_nos:
        return ()
    query = select(ShareGrant).where(col(ShareGrant.request_no).in_(request_nos))
    return {grant.request_no for grant in session.exec(query) if not grant.standing.is_over}


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
    rows = session.exec(wanted.keyset(query, column(ShareGrant.id), descending=True)).all()
    return wanted.cut(rows, lambda row: (row.id,))


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
    live = col(ShareGrant.status).in_([GrantStatus.PENDING_DELIVERY, GrantStatus.ACTIVE])
    query = select(ShareGrant).where(live, col(ShareGrant.valid_until) < on)
    return session.exec(query.with_for_update(skip_locked=True)).all()


def columns_of(session: Session, resource_id: UUID) -> Mapping[str, tuple[str, str]]:
    """Item id → (name, physical column) of every item of a resource:
    what a row filter may speak of.
    """
    query = select(ResourceItem).where(ResourceItem.resource_id == resource_id)
    return {str(item.id): (item.name, item.column_name) for item in session.exec(query)}
