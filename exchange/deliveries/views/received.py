"""What a department received, for whoever registers its own data (Order 809, Art. 25)."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from catalog.registration.checks.origins import Received
from catalog.registration.checks.overlap import DeliveredColumn
from exchange.deliveries.repository import use


def received(session: Session, department_id: UUID) -> Sequence[Received]:
    """Every item of which rows were delivered to the department."""
    return [
        Received(
            name=item.name,
            column_name=item.column_name,
            data_type=item.data_type,
            element_id=element_id,
            provider=name,
            provider_code=code,
            resource_code=grant.resource_code,
            resource_title=grant.resource_title,
            grant_no=grant.grant_no,
            since=since,
        )
        for item, grant, element_id, name, code, since in use.received_by(session, department_id)
    ]


def delivered(session: Session, department_id: UUID) -> Sequence[DeliveredColumn]:
    """Every column of every edition of which rows were delivered to the department, the newest
    first; of those that were masked or read live there is nothing to compare with.
    """
    return [
        DeliveredColumn(
            name=item.name,
            column_name=item.column_name,
            provider=name,
            resource_code=grant.resource_code,
            resource_title=grant.resource_title,
            grant_no=grant.grant_no,
            delivery_no=delivery_no,
            edition_no=edition_no,
            snapshot_id=snapshot_id if item.mask is None else None,
        )
        for item, grant, name, snapshot_id, edition_no, delivery_no in use.delivered_columns(
            session, department_id
        )
    ]
