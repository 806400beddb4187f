"""Transfers: their list, one of them live while it runs and with its receipt after, and those on a
grant's page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from auth.accounts import repository as accounts
from auth.identify import SubjectDep
from exchange.deliveries import repository
from exchange.deliveries.access import ReadableDelivery
from exchange.deliveries.models import Delivery
from exchange.deliveries.views.progress import advice, progress_of
from exchange.deliveries.views.snippets import verification
from exchange.deliveries.views.usage import of_grants
from exchange.deliveries.words import DeliveryStatus
from exchange.grants.models import ShareGrant
from shuqiao.db import ReadSessionDep
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.paging import PageDep, PageRequest

router = APIRouter()

LATEST: Final = 10
TONES: Final[Mapping[DeliveryStatus, str]] = {
    DeliveryStatus.RUNNING: "info",
    DeliveryStatus.FINISHED: "success",
    DeliveryStatus.STOPPED: "warning",
    DeliveryStatus.FAILED: "danger",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One transfer in a list."""

    delivery: Delivery
    tone: str
    fetched_by: str
    title: str


@router.get("/deliveries")
def list_page(
    request: Request,
    subject: SubjectDep,
    session: ReadSessionDep,
    wanted: PageDep,
    status: DeliveryStatus | None = None,
    grant_no: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Transfers the reader may see, the latest first, of one status or grant or of all."""
    grant_no = grant_no.strip().upper()
    rows, following = repository.page(session, subject, wanted, grant_no or None, status)
    values = {
        "rows": _rows(session, rows),
        "status": status,
        "statuses": list(DeliveryStatus),
        "grant_no": grant_no,
        "next_href": wanted.href(following) if following else "",
        "is_first": wanted.after is None,
    }
    return page(request, "deliveries/list.html", values)


@router.get("/deliveries/{no}")
def show_page(request: Request, found: ReadableDelivery, session: ReadSessionDep) -> Response:
    """One transfer.

    While it runs the page asks again every two seconds; the last answer no longer asks.
    """
    delivery = found.object
    grant = repository.grant_of(session, delivery)
    values = {
        "delivery": delivery,
        "grant": grant,
        "tone": TONES[delivery.status],
        "receipt": delivery.receipt,
        "read_at": _read_at(delivery),
        "fetched_by": accounts.user_name(session, delivery.user_id),
        "progress": progress_of(delivery, grant),
        "advice": advice(delivery.end_reason) if delivery.end_reason else "",
        "verification": verification(delivery.grant_no),
    }
    return page(request, "deliveries/show.html", values, block="live")


def _read_at(delivery: Delivery) -> datetime | None:
    """When reading began, by the receipt of live data; None for stored data."""
    stated = (delivery.receipt or {}).get("live_at")
    return datetime.fromisoformat(stated) if stated else None


def _rows(session: Session, rows: Sequence[Delivery]) -> list[Row]:
    titles = repository.titles(session, {row.grant_id for row in rows})
    names = accounts.user_names(session, {row.user_id for row in rows})
    return [
        Row(row, TONES[row.status], names[row.user_id], titles.get(row.grant_id, ""))
        for row in rows
    ]


def transfers(session: Session, subject: Subject, grant: ShareGrant) -> Mapping[str, Any]:
    """The latest transfers under a grant that the reader may see, and the use made of it so far."""
    rows, following = repository.page(session, subject, PageRequest(limit=LATEST), grant.grant_no)
    use = of_grants(session, [grant.id]).get(grant.id)
    return {
        "rows": _rows(session, rows),
        "has_more": following is not None,
        "latest": LATEST,
        "use": use,
    }
