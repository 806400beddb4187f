"""Transfers on the page of their grant, and the page of one transfer with its receipt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from auth import accounts
from auth.guard import Authorized, may
from exchange.deliveries import repository
from exchange.deliveries.lifecycle import DeliveryStatus
from exchange.deliveries.models import Delivery
from exchange.grants.models import ShareGrant
from exchange.grants.pages import panels
from policies.actions import Action
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example
from shuqiao.web.paging import PageRequest

router = APIRouter()

LATEST: Final = 20
DeliveryNo = Annotated[str, Path(max_length=20)]
TONES: Final[Mapping[DeliveryStatus, str]] = {
    DeliveryStatus.RUNNING: "info", DeliveryStatus.FINISHED: "success", DeliveryStatus.STOPPED: "warning",
    DeliveryStatus.FAILED: "danger",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One transfer in a list."""

    delivery: Delivery
    tone: str
    fetched_by: str


def to_read(no: DeliveryNo, session: ReadSessionDep) -> Delivery:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


@router.get("/deliveries/{no}")
@example(Example(
    world="finished_delivery", who="applicant", success=200, visibility="parties", stranger="stranger",
    path={"no": lambda world: world.delivery_no},
))  # fmt: skip
def show_page(
    request: Request, found: Annotated[Authorized[Delivery], may(Action.DELIVERY_READ, to_read)],
    session: ReadSessionDep,
) -> Response:  # fmt: skip
    delivery = found.object
    receipt = json.dumps(delivery.receipt, ensure_ascii=False, indent=2) if delivery.receipt else ""
    return page(request, "deliveries/show.html", {"row": _row(session, delivery), "receipt": receipt})


def _row(session: Session, delivery: Delivery) -> Row:
    return Row(delivery, TONES[delivery.status], accounts.user_name(session, delivery.user_id))


def _transfers(session: Session, subject: Subject, grant: ShareGrant) -> Mapping[str, Any]:
    """The latest transfers under a grant that the reader may see."""
    rows, following = repository.page(session, subject, PageRequest(limit=LATEST), grant.grant_no)
    return {"rows": [_row(session, row) for row in rows], "has_more": following is not None, "latest": LATEST}


panels.add("deliveries/transfers.html", _transfers)
