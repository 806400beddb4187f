"""What can go wrong with an account."""

from shuqiao.errors import Conflict, Invalid, PreconditionFailed
from shuqiao.i18n import _


class RolesChanged(PreconditionFailed):
    code = "roles_changed"
    title = _("The roles were changed in the meantime; load the page again")


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
