"""What can go wrong with a demand."""

from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class DemandNotNow(Conflict):
    code = "demand_not_now"
    title = _("This is not possible in the present state of the demand")

    def __init__(self, step: Message, status: Message) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status)
        )


class DemandChanged(PreconditionFailed):
    code = "demand_changed"
    title = _("The demand has changed since you looked at it")


class NotMergeable(Conflict):
    """Into a demand that has ended, into itself, or of the department that is to provide."""

    code = "demand_not_mergeable"
    title = _("These demands cannot be merged")


class NotClosable(Conflict):
    """A reason that the present state does not bear out."""

    code = "demand_not_closable"
    title = _("The demand cannot be ended for this reason")
