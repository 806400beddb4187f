"""Examples of the data and what is told of deliveries."""

from dataclasses import replace
from typing import Any

from fixtures.example import DELIVERY, GRANT, Example

from auth.sessions.service import sessions
from exchange.deliveries.service import tickets
from exchange.deliveries.words import FileFace
from exchange.grants import repository as grants
from shuqiao.db import unit_of_work

_LIST = Example(world="finished_delivery", who="applicant", visibility="parties")
_SHOW = Example(
    world="finished_delivery",
    who="applicant",
    visibility="parties",
    stranger="stranger",
    path=DELIVERY,
)


def _ticket(world: Any) -> dict[str, str]:
    """Given to the applicant's session a moment ago."""
    with unit_of_work() as session:
        grant = grants.by_no(session, world.grant_no)
        cookie = world.cookies["applicant"]
        found = sessions.find(session, cookie)
        assert grant is not None and found is not None
        return {"ticket": tickets.issue(session, found.subject, grant, FileFace.CSV)}


_CHOICE = Example(
    world="file_grant",
    who="applicant",
    visibility="parties",
    forbidden="provider_head",
    stranger="stranger",
    path=GRANT,
)

EXAMPLES = {
    "GET /grants/{no}/downloads": _CHOICE,
    "POST /grants/{no}/downloads": replace(_CHOICE, body={"face": "csv"}),
    # Whoever brings a ticket is let in by it; no cookie of the pages holds there.
    "POST /api/v1/grants/{no}/file": Example(
        world="file_grant",
        who="applicant",
        visibility="public",
        path=GRANT,
        body=_ticket,
        event="exchange:delivery:finished",
    ),
    "grants_data": Example(
        world="active_grant",
        who="applicant",
        visibility="parties",
        forbidden="provider_head",
        stranger="stranger",
        path=GRANT,
        event="exchange:delivery:finished",
    ),
    "deliveries_list": _LIST,
    "GET /deliveries": _LIST,
    "deliveries_show": _SHOW,
    "deliveries_receipt": _SHOW,
    "GET /deliveries/{no}": _SHOW,
}
