"""Refusals of the register of systems."""

from collections.abc import Sequence

from catalog.systems.words import ReturnStatus, SystemStatus
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


class CensusClosed(Conflict):
    code, title = "census_closed", _("The census is closed")


class CensusOpen(Conflict):
    code, title = "census_open", _("The census of this year was opened already")


class NoCensus(Conflict):
    code, title = "no_census", _("No census is open")


class ConfirmedAlready(Conflict):
    code, title = "confirmed_already", _("The system was confirmed in this census already")


class ReturnNotNow(Conflict):
    code, title = "return_not_now", _("This is not possible in the present state of the report")

    def __init__(self, status: ReturnStatus) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=_REPORT, status=status.label)
        )


class Unconfirmed(Conflict):
    """Some systems have not been confirmed yet."""

    code, title = "systems_unconfirmed", _("Some systems are not confirmed yet")

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            _("Confirm or correct these first: %(names)s", names="、".join(names[:20]))
        )


_REPORT = _("Report the systems of the department")
