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


class UpdateChanged(PreconditionFailed):
    code, title = "update_changed", _("The update has changed since you looked at it")
