"""Refusals of updates."""

from catalog.updates.words import UpdateStatus
from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class UpdateNotNow(Conflict):
    code, title = "update_not_now", _("This is not possible in the present state of the update")

    def __init__(self, step: Message, status: UpdateStatus) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status.label)
        )


class AlreadyOwed(Conflict):
    """The same cause was recorded for it, and the update is still owed."""

    code, title = "already_owed", _("This is recorded already, and the update is still owed")

    def __init__(self, change_no: str) -> None:
        super().__init__(_("It is owed under %(no)s", no=change_no))


class UpdateChanged(PreconditionFailed):
    code, title = "update_changed", _("The update has changed since you looked at it")
