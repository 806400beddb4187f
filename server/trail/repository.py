"""What the words of a query name, looked up: cases of a data resource and of a grant."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import literal, select, union_all
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from auth.accounts import repository as accounts
from auth.accounts.models import AppUser
from auth.departments import repository as departments
from auth.departments.models import Department
from catalog.resources.models import DataResource, ResourceItem
from exchange.deliveries.models import Delivery
from exchange.grants.models import ShareGrant
from exchange.requests.models import ShareRequest
from shuqiao.db import column
from shuqiao.web.paging import PageRequest


class Received(NamedTuple):
    """A delivery, the account and name of whoever fetched it, and the department it was for."""

    delivery: Delivery
    account: str
    person: str
    consumer: str


def has_resource(session: Session, code: str) -> bool:
    return (
        session.exec(select_rows(DataResource.id).where(DataResource.code == code)).first()
        is not None
    )


def has_grant(session: Session, grant_no: str) -> bool:
    return (
        session.exec(select_rows(ShareGrant.id).where(ShareGrant.grant_no == grant_no)).first()
        is not None
    )


def cases_of_resource(code: str) -> Any:
    """Streams of the entry, of requests for it, of grants of it and of what was delivered."""
    resource = (
        select(column(DataResource.id)).where(column(DataResource.code) == code).scalar_subquery()
    )
    granted = column(ShareGrant.resource_id) == resource
    return union_all(
        select(literal(code)),
        select(column(ShareRequest.request_no)).where(column(ShareRequest.resource_id) == resource),
        select(column(ShareGrant.grant_no)).where(granted),
        select(column(Delivery.delivery_no)).where(
            col(Delivery.grant_id).in_(select(column(ShareGrant.id)).where(granted))
        ),
    )


def cases_of_grant(grant_no: str) -> Any:
    """Streams of the grant, of the request behind it and of what was delivered."""
    return union_all(
        select(literal(grant_no)),
        select(column(ShareGrant.request_no)).where(column(ShareGrant.grant_no) == grant_no),
        select(column(Delivery.delivery_no)).where(
            col(Delivery.grant_id).in_(
                select(column(ShareGrant.id)).where(column(ShareGrant.grant_no) == grant_no)
            )
        ),
    )


def received(
    session: Session, code: str, column_name: str, wanted: PageRequest
) -> tuple[Sequence[Received], str | None]:
    """One page of what was delivered of a data resource, the latest first; with ``column_name``
    only what carried it.
    """
    query = (
        select_rows(Delivery, AppUser.account, AppUser.name, Department.name)
        .join(ShareGrant, col(Delivery.grant_id) == col(ShareGrant.id))
        .join(DataResource, col(ShareGrant.resource_id) == col(DataResource.id))
        .join(AppUser, col(Delivery.user_id) == col(AppUser.id))
        .join(Department, col(Delivery.consumer_id) == col(Department.id))
        .where(DataResource.code == code)
    )
    if column_name:
        query = query.where(col(Delivery.columns).contains([column_name]))
    rows = session.exec(wanted.keyset(query, column(Delivery.delivery_no), descending=True)).all()
    kept, following = wanted.cut(rows, lambda row: (row[0].delivery_no,))
    return [Received(*row) for row in kept], following


#: Kind of a thing that has a page of its own → its table, and the column of its name.
_THINGS: Final[Mapping[str, tuple[Any, Any]]] = {
    "DataResource": (DataResource, DataResource.code),
    "ShareRequest": (ShareRequest, ShareRequest.request_no),
    "Grant": (ShareGrant, ShareGrant.grant_no),
    "Delivery": (Delivery, Delivery.delivery_no),
}


def thing(session: Session, kind: str, name: str) -> Any:
    """What bears this name; None where nothing does, or a thing of this kind has no page."""
    if kind not in _THINGS:
        return None
    table, named = _THINGS[kind]
    return session.exec(select_rows(table).where(named == name)).first()


def names(session: Session, identities: Collection[str]) -> Mapping[str, str]:
    """What items, departments and people are called, by id, and departments by credit code."""
    ids = {UUID(each) for each in identities if "-" in each}
    found: dict[str, str] = {}
    if ids:
        items = select_rows(ResourceItem.id, ResourceItem.name).where(col(ResourceItem.id).in_(ids))
        known = [dict(session.exec(items).all()), departments.names(session, ids)]
        for each in (*known, accounts.user_names(session, ids)):
            found |= {str(identity): name for identity, name in each.items()}
    return found | departments.names_by_code(
        session, [each for each in identities if "-" not in each]
    )
