"""Refusals of the register of systems."""

from catalog.systems.words import SystemStatus
from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class SystemNotNow(Conflict):
    code, title = "system_not_now", _("This is not possible in the present state of the system")

    def __init__(self, step: Message, status: SystemStatus) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status.label)
        )


class SystemChanged(PreconditionFailed):
    code, title = "system_changed", _("The system has changed since you looked at it")


class SystemExists(Conflict):
    code = "system_exists"
    title = _("The department has registered a system of this name already")
