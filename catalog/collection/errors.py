"""Refusals of checks before collecting, and of reports of repeated forms."""

from catalog.collection.words import CheckStatus, RepeatStatus
from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import Message, _


class CheckNotNow(Conflict):
    code, title = "collection_check_not_now", _("The check is concluded and stays as it is")

    def __init__(self, step: Message, status: CheckStatus) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status.label)
        )


class CheckChanged(PreconditionFailed):
    code, title = "collection_check_changed", _("The check has changed since you looked at it")


class RepeatNotNow(Conflict):
    code, title = "repeated_form_not_now", _("The report has been answered")

    def __init__(self, step: Message, status: RepeatStatus) -> None:
        super().__init__(
            _("“%(act)s” is not possible while it is: %(status)s", act=step, status=status.label)
        )


class RepeatChanged(PreconditionFailed):
    code, title = "repeated_form_changed", _("The report has changed since you looked at it")


class NotGrassRoots(Conflict):
    code, title = (
        "not_grass_roots",
        _("Repeated forms are reported by streets, townships and using points"),
    )
