"""Examples of grants."""

from typing import Any

from fixtures.example import GRANT, Example, sample

from exchange.grants.schemas import ItemSettled, Revocation


def _left(world: Any) -> dict[str, Any]:
    return {**sample(ItemSettled), "item_id": str(world.item_ids[3])}


_LIST = Example(world="active_grant", who="applicant", visibility="parties")
_SHOW = Example(
    world="active_grant", who="applicant", visibility="parties", stranger="stranger", path=GRANT
)
_PROVE = Example(
    world="unready_grant",
    who="approver",
    visibility="parties",
    forbidden="provider_head",
    stranger="stranger",
    path=GRANT,
    if_match=True,
    event="exchange:grant:proof_asked",
)
_REVOKE = Example(
    world="active_grant",
    who="provider_head",
    visibility="parties",
    forbidden="applicant",
    stranger="stranger",
    path=GRANT,
    body=sample(Revocation),
    if_match=True,
    event="exchange:grant:revoked",
)
_SETTLE = Example(
    world="suspended_item",
    who="approver",
    visibility="parties",
    forbidden="provider_head",
    stranger="stranger",
    path=GRANT,
    body=_left,
    if_match=True,
    event="exchange:grant:item_left_suspended",
)

EXAMPLES = {
    "grants_list": _LIST,
    "GET /grants": _LIST,
    "grants_show": _SHOW,
    "GET /grants/{no}": _SHOW,
    "grants_prove": _PROVE,
    "POST /grants/{no}/proofs": _PROVE,
    "grants_settle_item": _SETTLE,
    "POST /grants/{no}/item-decisions": _SETTLE,
    "grants_revoke": _REVOKE,
    "POST /grants/{no}/revocations": _REVOKE,
    "GET /grants/{no}/revocation": Example(
        world="active_grant",
        who="provider_head",
        visibility="parties",
        forbidden="applicant",
        stranger="stranger",
        path=GRANT,
    ),
}
