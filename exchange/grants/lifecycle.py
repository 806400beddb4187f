"""Life cycle of a share grant (授权)."""

from enum import StrEnum
from types import MappingProxyType

from shuqiao.i18n import Message, _


class GrantStatus(StrEnum):
    PENDING_DELIVERY = "pending_delivery"
    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"

    @property
    def label(self) -> Message:
        return _LABELS[self]


_S = GrantStatus
#: status → statuses it can become; whatever is not here is a 409.
TRANSITIONS = MappingProxyType(
    {
        _S.PENDING_DELIVERY: (_S.ACTIVE, _S.REVOKED, _S.EXPIRED),
        _S.ACTIVE: (_S.REVOKED, _S.EXPIRED),
        _S.REVOKED: (),
        _S.EXPIRED: (),
    }
)

_LABELS: dict[GrantStatus, Message] = {
    _S.PENDING_DELIVERY: _("Waiting for delivery to be ready"),
    _S.ACTIVE: _("Active"),
    _S.REVOKED: _("Revoked"),
    _S.EXPIRED: _("Expired"),
}


def may_become(status: GrantStatus, target: GrantStatus) -> bool:
    return target in TRANSITIONS[status]
