"""The states of a grant, with what they are called."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from shuqiao.i18n import Message, _


class GrantStatus(StrEnum):
    PENDING_DELIVERY = "pending_delivery"
    ACTIVE = "active"
    REVOKED = "revoked"
    EXPIRED = "expired"

    @property
    def label(self) -> Message:
        return _LABELS[self]

    @property
    def is_over(self) -> bool:
        """Nothing leaves any more, for good."""
        return self in (GrantStatus.REVOKED, GrantStatus.EXPIRED)


_S = GrantStatus


_LABELS: dict[GrantStatus, Message] = {
    _S.PENDING_DELIVERY: _("Waiting for delivery to be ready"),
    _S.ACTIVE: _("Active"),
    _S.REVOKED: _("Revoked"),
    _S.EXPIRED: _("Expired"),
}


TONES: Final[Mapping[GrantStatus, str]] = {
    GrantStatus.PENDING_DELIVERY: "warning",
    GrantStatus.ACTIVE: "success",
    GrantStatus.REVOKED: "danger",
    GrantStatus.EXPIRED: "neutral",
}
