"""Life cycle of a share grant (授权)."""

from types import MappingProxyType

from exchange.grants.words import _S, GrantStatus

#: status → statuses it can become; whatever is not here is a 409.
TRANSITIONS = MappingProxyType(
    {
        _S.PENDING_DELIVERY: (_S.ACTIVE, _S.REVOKED, _S.EXPIRED),
        _S.ACTIVE: (_S.REVOKED, _S.EXPIRED),
        _S.REVOKED: (),
        _S.EXPIRED: (),
    }
)


def may_become(status: GrantStatus, target: GrantStatus) -> bool:
    return target in TRANSITIONS[status]
