"""Refusals of what is said of suspected duplicates."""

from catalog.duplicates.words import Suspicion
from shuqiao.errors import Conflict
from shuqiao.i18n import _


class AlreadySettled(Conflict):
    code, title = "duplicate_settled", _("This suspected duplicate is settled already")

    def __init__(self, state: Suspicion) -> None:
        super().__init__(_("It stands at: %(state)s. Load the list again.", state=state.label))
