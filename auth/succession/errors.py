"""Refusals of a succession."""

from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import _


class SuccessionSettled(Conflict):
    code, title = "succession_settled", _("Everything has its successor already")


class SuccessionChanged(PreconditionFailed):
    code, title = "succession_changed", _("The succession has changed since you looked at it")


class CannotSucceed(Conflict):
    """The successor cannot take the object over as it is."""

    code, title = "cannot_succeed", _("The successor cannot take this over as it is")
