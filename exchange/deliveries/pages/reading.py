"""Pages of transfers: their list, and one of them."""

from typing import Annotated

from fastapi import Query

from auth.identify import SubjectDep
from exchange.deliveries.access import ReadableDelivery
from exchange.deliveries.views.delivery_page import (
    DeliveriesPage,
    DeliveryPage,
    deliveries_page,
    delivery_page,
)
from exchange.deliveries.words import DeliveryStatus
from shuqiao.db import ReadSessionDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()


@router.page("/deliveries")
def index(
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    status: DeliveryStatus | None = None,
    grant_no: Annotated[str, Query(max_length=20)] = "",
) -> DeliveriesPage:
    return deliveries_page(session, subject, wanted, status, grant_no.strip().upper())


@router.page("/deliveries/{no}")
def one(found: ReadableDelivery, session: ReadSessionDep) -> DeliveryPage:
    """One transfer.

    While it runs the page asks again every two seconds; the last answer no longer asks.
    """
    return delivery_page(session, found)
