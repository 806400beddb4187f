"""What can go wrong with an account."""

from shuqiao.errors import Conflict, FieldError, Invalid, PreconditionFailed
from shuqiao.i18n import _


class RolesChanged(PreconditionFailed):
    code = "roles_changed"
    title = _("The roles were changed in the meantime; load the page again")


class AccountLooksAlike(Conflict):
    """An account that nobody could tell from another one on a page (UTS 39)."""

    code = "account_looks_alike"
    title = _("Another account looks the same")

    def __init__(self, account: str) -> None:
        detail = _("The account looks like %(account)s", account=account)
        fix = _("Choose one that can be told from it: l, 1 and i look alike, so do o and 0.")
        super().__init__(detail, errors=[FieldError("/account", "looks_alike", detail, fix)])


class LastAdministrator(Conflict):
    """The service would be left without one of its three administrators (三员)."""

    code = "last_administrator"
    title = _(
        "This is the last account with an administrator's role; give the role to another account "
        "first"
    )


class StateAlready(Conflict):
    code = "state_already"
    title = _("The account is in this state already")


class TwoNeeded(Conflict):
    """It would lead to a seat: one office proposes, another confirms."""

    code = "two_needed"
    title = _(
        "This leads to a seat that consents, decides, administers or reviews: it is proposed as a "
        "change of a seat, and another office confirms it"
    )


class OldPasswordWrong(Invalid):
    code = "old_password_wrong"
