"""Refusals of proposals."""

from catalog.proposals.words import ProposalStatus
from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class ProposalNotNow(Conflict):
    code, title = "proposal_not_now", _("This is not possible in the present state of the proposal")

    def __init__(self, step: Message, status: ProposalStatus) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status.label)
        )


class ProposalChanged(PreconditionFailed):
    code, title = "proposal_changed", _("The proposal has changed since you looked at it")


class ProposalOpen(Conflict):
    """One change at a time: what is heard is what will be published."""

    code, title = "proposal_open", _("A proposal about this element is on its way")


class AnsweredAlready(Conflict):
    """Each department has one opinion in a hearing, and it stays."""

    code, title = "answered_already", _("Your department has given its opinion in this hearing")
