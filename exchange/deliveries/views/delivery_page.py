"""Transfers as pages show them: their list, one of them live while it runs and with its receipt
after, and those on a grant's page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.guard import Authorized
from exchange.deliveries import repository
from exchange.deliveries.models import Delivery
from exchange.deliveries.views.progress import Progress, advice, progress_of
from exchange.deliveries.views.snippets import verification
from exchange.deliveries.views.usage import of_grants
from exchange.deliveries.words import DeliveryStatus, Face
from exchange.grants.models import ShareGrant
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

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


@dataclass(frozen=True, slots=True)
class DeliveriesPage(Page):
    template = "deliveries/list.html"
    rows: Sequence[Row]
    status: DeliveryStatus | None
    statuses: Sequence[DeliveryStatus]
    grant_no: str
    next_href: str
    is_first: bool


def deliveries_page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    status: DeliveryStatus | None,
    grant_no: str,
) -> DeliveriesPage:
    """Transfers the reader may see, the latest first, of one status or grant or of all."""
    rows, following = repository.page(session, subject, wanted, grant_no or None, status)
    return DeliveriesPage(
        rows=_rows(session, rows),
        status=status,
        statuses=list(DeliveryStatus),
        grant_no=grant_no,
        next_href=wanted.href(following) if following else "",
        is_first=wanted.after is None,
    )


@dataclass(frozen=True, slots=True)
class DeliveryPage(Page):
    """``read_at``: when live data was read; None for stored data. ``verification``: Python that
    checks what arrived against the receipt.
    """

    template = "deliveries/show.html"
    block = "live"
    delivery: Delivery
    face: Face
    grant: ShareGrant
    tone: str
    receipt: Mapping[str, Any] | None
    read_at: datetime | None
    fetched_by: str
    progress: Progress
    advice: Message | str
    verification: str


def delivery_page(session: Session, found: Authorized[Delivery]) -> DeliveryPage:
    delivery = found.object
    grant = repository.grant_of(session, delivery)
    stated = (delivery.receipt or {}).get("live_at")
    return DeliveryPage(
        delivery=delivery,
        face=Face(delivery.face),
        grant=grant,
        tone=TONES[delivery.status],
        receipt=delivery.receipt,
        read_at=datetime.fromisoformat(stated) if stated else None,
        fetched_by=accounts.user_name(session, delivery.user_id),
        progress=progress_of(delivery, grant),
        advice=advice(delivery.end_reason) if delivery.end_reason else "",
        verification=verification(delivery.grant_no),
    )


def transfers(session: Session, subject: Subject, grant: ShareGrant) -> Mapping[str, Any]:
    """The latest transfers under a grant that the reader may see, and the use made of it so far."""
    rows, following = repository.page(session, subject, PageRequest(limit=LATEST), grant.grant_no)
    return {
        "rows": _rows(session, rows),
        "has_more": following is not None,
        "latest": LATEST,
        "use": of_grants(session, [grant.id]).get(grant.id),
    }


def _rows(session: Session, rows: Sequence[Delivery]) -> list[Row]:
    titles = repository.titles(session, {row.grant_id for row in rows})
    names = accounts.user_names(session, {row.user_id for row in rows})
    return [
        Row(row, TONES[row.status], names[row.user_id], titles.get(row.grant_id, ""))
        for row in rows
    ]
