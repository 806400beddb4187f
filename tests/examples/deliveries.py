"""Examples of the data and what is told of deliveries."""

from fixtures.example import DELIVERY, GRANT, Example

_LIST = Example(world="finished_delivery", who="applicant", visibility="parties")
_SHOW = Example(
    world="finished_delivery",
    who="applicant",
    visibility="parties",
    stranger="stranger",
    path=DELIVERY,
)

EXAMPLES = {
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
