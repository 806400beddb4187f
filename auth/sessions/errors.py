"""Why a sign-in was refused."""

from math import ceil

from shuqiao.errors import TooManyRequests, Unauthenticated
from shuqiao.i18n import _


class SignInRefused(Unauthenticated):
    """One text for an unknown account, a wrong password and a closed
    account: nothing to enumerate.
    """

    code = "sign_in_refused"
    title = _("Account or password is wrong")


class SignInLocked(TooManyRequests):
    code = "sign_in_locked"
    title = _("Too many failed sign-ins; try again later")

    def __init__(self, seconds: int) -> None:
        super().__init__(
            _("Too many failed sign-ins. Try again in %(seconds)s s.", seconds=seconds)
            if seconds < 60
            else _(
                "Too many failed sign-ins. Try again in %(minutes)s min.",
                minutes=ceil(seconds / 60),
            )
        )
        self.retry_after = seconds
