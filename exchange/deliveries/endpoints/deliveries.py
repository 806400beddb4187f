"""HTTP of deliveries on the control role: reading about them.

The data itself is in ``data_endpoints``.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

from auth.accounts import repository as accounts
from exchange.deliveries import repository
from exchange.deliveries.access import DeliveryReader, ReadableDelivery
from exchange.deliveries.models import Delivery
from exchange.deliveries.schemas import DeliveryRead, ReceiptRead
from exchange.deliveries.words import DeliveryStatus
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["deliveries"], route_class=StrictRoute)


@router.get("/deliveries", operation_id="deliveries_list", summary="Deliveries I may see")
def list_deliveries(
    subject: DeliveryReader,
    session: ReadSessionDep,
    wanted: PageDep,
    grant_no: Annotated[str | None, Query(max_length=20)] = None,
    status: DeliveryStatus | None = None,
) -> Page[DeliveryRead]:
    rows, following = repository.page(session, subject, wanted, grant_no, status)
    return Page(items=_read(session, rows), next=following)


@router.get("/deliveries/{no}", operation_id="deliveries_show", summary="Show a delivery")
def show(found: ReadableDelivery, session: ReadSessionDep) -> DeliveryRead:
    (shown,) = _read(session, [found.object])
    return shown


@router.get(
    "/deliveries/{no}/receipt",
    operation_id="deliveries_receipt",
    summary="The receipt of a finished delivery",
)
def receipt(found: ReadableDelivery) -> ReceiptRead:
    delivery = found.object
    if delivery.receipt is None:
        raise NotFound
    return ReceiptRead(
        delivery_no=delivery.delivery_no, grant_no=delivery.grant_no, receipt=delivery.receipt
    )


def _read(session: Session, rows: Sequence[Delivery]) -> list[DeliveryRead]:
    names = accounts.user_names(session, {row.user_id for row in rows})
    return [
        DeliveryRead(
            **row.model_dump(include=_PLAIN),
            status_label=str(row.status.label),
            end_reason=row.end_reason.value if row.end_reason else None,
            end_reason_label=str(row.end_reason.label) if row.end_reason else "",
            fetched_by=names[row.user_id],
        )
        for row in rows
    ]


_PLAIN = {
    "delivery_no",
    "grant_no",
    "status",
    "face",
    "columns",
    "struck_by",
    "edition_no",
    "snapshot_id",
    "rows",
    "bytes",
    "acknowledged_bytes",
    "started_at",
    "ended_at",
}
