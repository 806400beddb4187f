"""What can go wrong with a source conflict."""

from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class ConflictNotNow(Conflict):
    code = "source_conflict_not_now"
    title = _("This is not possible in the present state of the source conflict")

    def __init__(self, step: Message, status: Message) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status)
        )


class ConflictChanged(PreconditionFailed):
    code = "source_conflict_changed"
    title = _("The source conflict has changed since you looked at it")


class ConflictStands(Conflict):
    """One conflict about a claim at a time."""

    code = "source_conflict_stands"
    title = _("There is a source conflict about this claim already")

    def __init__(self, conflict_no: str = "") -> None:
        fix = _("Wait for the decision on it, then dispute what was decided.")
        super().__init__(
            _("It is %(no)s. %(fix)s", no=conflict_no, fix=fix) if conflict_no else fix
        )


class DecidedAbove(Conflict):
    """What the superior administration decided is not reviewed below it."""

    code = "decided_above"
    title = _("The superior administration decided")

    def __init__(self, to: str) -> None:
        super().__init__(_("A review is asked for there: %(to)s.", to=to))


class ReviewTermOver(Conflict):
    code = "review_term_over"
    title = _("The time for asking for a review is over")

    def __init__(self, until: str) -> None:
        super().__init__(_("It could be asked for until %(day)s.", day=until))
