"""What can go wrong with a consultation or its filing."""

from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class ConsultationNotNow(Conflict):
    code = "consultation_not_now"
    title = _("This is not possible in the present state of the consultation")

    def __init__(self, step: Message, status: Message) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status)
        )


class ConsultationChanged(PreconditionFailed):
    code = "consultation_changed"
    title = _("The consultation has changed since you looked at it")
