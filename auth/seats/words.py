"""The words of changes of seats: of which kind, and where they stand."""

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class SeatChangeKind(Word):
    """By what somebody could come to sit in a seat that is another's, or nobody's."""

    PASSWORD_RESET = "password_reset", _("Reset of the password")
    ROLES = "roles", _("Assignment of roles")
    RESTORATION = "restoration", _("Restoration of the account")


class SeatChangeStatus(Word):
    """Where a change of a seat stands."""

    PROPOSED = "proposed", _("Waits for the second office")
    CONFIRMED = "confirmed", pgettext("seat", "Confirmed")
    REFUSED = "refused", pgettext("seat", "Refused")
    EXPIRED = "expired", pgettext("seat", "Not confirmed in time")
