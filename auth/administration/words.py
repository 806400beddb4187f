"""What an account can be at a moment, and the roles a department needs."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from auth.roles import Role
from shuqiao.i18n import Message, _

#: Roles without which work of a department stands still: registering, consenting, deciding.
NEEDED: Final = (Role.REGISTRAR, Role.DEPARTMENT_HEAD, Role.APPROVER, Role.SHARING_HEAD)


class AccountState(StrEnum):
    """What an account is at the moment, for filters and tags."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHOUT_ROLES = "without_roles"

    @property
    def label(self) -> Message:
        return _STATES[self]


_STATES: Final[Mapping[AccountState, Message]] = {
    AccountState.ACTIVE: _("In use"),
    AccountState.SUSPENDED: _("Suspended"),
    AccountState.WITHOUT_ROLES: _("Without roles"),
}
