"""From the address to the delivery; from a ticket to whom it lets in."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, Path, Request

from auth.guard import Authorized, authorize, may, may_list
from auth.identify import FoundDep
from auth.sessions.service import sessions
from exchange.deliveries import repository
from exchange.deliveries.models import Delivery
from exchange.deliveries.service import tickets
from exchange.deliveries.words import FileFace
from exchange.grants.access import GrantNo
from exchange.grants.access import to_read as grant_to_read
from exchange.grants.models import ShareGrant
from policies.actions import Action
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web import visits

DeliveryNo = Annotated[
    str, Path(max_length=20, description="Public number, for example DL-2026-000123")
]


def to_read(no: DeliveryNo, session: ReadSessionDep) -> Delivery:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


#: Whoever lists deliveries.
DeliveryReader = Annotated[Subject, may_list(Action.DELIVERY_READ)]
ReadableDelivery = Annotated[Authorized[Delivery], may(Action.DELIVERY_READ, to_read)]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a ticket: for which grant, as which kind of file."""

    subject: Subject
    grant: ShareGrant
    face: FileFace


def by_ticket(
    request: Request,
    no: GrantNo,
    session: ReadSessionDep,
    came_as: FoundDep,
    ticket: Annotated[str, Form(max_length=100, description="From the page of the grant")],
) -> Holder:
    """Use the ticket up, whatever comes of it, and ask what every fetch is asked.

    Raises ``NotFound`` alike for what is no ticket, was used, has run out, is of another grant, of
    another person than whoever sends it, or of a session that has ended.
    """
    if "text/html" in request.headers.get("accept", ""):  # a person reads words on a page of ours
        origin = settings().control_origin
        request.state.told_at = f"{origin}/grants/{quote(no, safe='')}/downloads"
    taken = tickets.take(ticket)
    if taken is None:
        raise NotFound
    bearer = sessions.holding(session, taken.session_id)
    if bearer is None or bearer.is_password_temporary or bearer.subject.user_id != taken.user_id:
        raise NotFound
    if came_as is not None and came_as.subject.user_id != taken.user_id:
        raise NotFound
    grant = grant_to_read(no, session)
    if grant.id != taken.grant_id:
        raise NotFound
    visits.identified(str(taken.user_id))
    return Holder(authorize(bearer.subject, Action.GRANT_FETCH, grant), grant, taken.face)


# Read by the test that every route is guarded.
by_ticket.__guards__ = Action.GRANT_FETCH  # type: ignore[attr-defined]
TicketHolder = Annotated[Holder, Depends(by_ticket)]
