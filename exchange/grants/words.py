"""The states of a grant, with what they are called."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from shuqiao.i18n import Message, _


class GrantStatus(StrEnum):
    PENDING_DELIVERY = "pending_delivery"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"
    TERMINATED = "terminated"

    @property
    def label(self) -> Message:
        return _LABELS[self]

    @property
    def is_over(self) -> bool:
        """Nothing leaves any more, for good."""
        return self in (GrantStatus.REVOKED, GrantStatus.EXPIRED, GrantStatus.TERMINATED)


_S = GrantStatus


_LABELS: dict[GrantStatus, Message] = {
    _S.PENDING_DELIVERY: _("Waiting for delivery to be ready"),
    _S.ACTIVE: _("Active"),
    _S.SUSPENDED: _("Sharing suspended"),
    _S.REVOKED: _("Revoked"),
    _S.EXPIRED: _("Expired"),
    _S.TERMINATED: _("Terminated after consultation"),
}


def edition_term(*, follows: bool) -> Message:
    """The term of a grant that says which editions of the data it gives."""
    return FOLLOWS if follows else FIXED


FOLLOWS: Final = _("Follows the updates: the current edition at every fetch")
FIXED: Final = _("Fixed: the edition of the day of the decision")


class WhyNot(StrEnum):
    """Why a granted item may not leave: what a later version of the entry made of it."""

    REMOVED = "removed"
    WITHHELD = "withheld"
    RETYPED = "retyped"
    SUCCESSION = "succession"
    NEGATIVE_ENTRY = "negative_entry"

    @property
    def label(self) -> Message:
        return _WHY_NOT[self]


_WHY_NOT: dict[WhyNot, Message] = {
    WhyNot.REMOVED: _("The data resource no longer has this item"),
    WhyNot.WITHHELD: _("This item is no longer shared"),
    WhyNot.RETYPED: _("This item is now of another type"),
    WhyNot.SUCCESSION: _("Duty and matter did not pass to the successor"),
    WhyNot.NEGATIVE_ENTRY: _("This item is on the negative list"),
}


class Ground(StrEnum):
    """On what ground a whole grant is suspended (暂停依据)."""

    BASIS_CHANGED = "basis_changed"

    @property
    def label(self) -> Message:
        return _GROUNDS[self]


_GROUNDS: dict[Ground, Message] = {Ground.BASIS_CHANGED: _("The basis of sharing has changed")}


TONES: Final[Mapping[GrantStatus, str]] = {
    GrantStatus.PENDING_DELIVERY: "warning",
    GrantStatus.ACTIVE: "success",
    GrantStatus.SUSPENDED: "warning",
    GrantStatus.REVOKED: "danger",
    GrantStatus.EXPIRED: "neutral",
    GrantStatus.TERMINATED: "danger",
}
