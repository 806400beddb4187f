"""What can go wrong with the negative list."""

from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class EntryNotNow(Conflict):
    code = "negative_entry_not_now"
    title = _("This is not possible in the present state of the negative entry")

    def __init__(self, step: Message, status: Message) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status)
        )


class EntryChanged(PreconditionFailed):
    code = "negative_entry_changed"
    title = _("The negative entry has changed since you looked at it")


class ContestNotNow(Conflict):
    code = "negative_contest_not_now"
    title = _("This is not possible in the present state of the contest")

    def __init__(self, step: Message, status: Message) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status)
        )


class ContestChanged(PreconditionFailed):
    code = "negative_contest_changed"
    title = _("The contest has changed since you looked at it")


class ContestStands(Conflict):
    """One contest of a department about an entry at a time."""

    code = "negative_contest_stands"
    title = _("Your department contests this entry already")

    def __init__(self) -> None:
        super().__init__(_("Wait until the contest that is open is decided."))
