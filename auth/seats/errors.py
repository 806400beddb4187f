"""Refusals of changes of seats."""

from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import _


class SeatChangeDecided(Conflict):
    code, title = "seat_change_decided", _("This change of a seat waits for nobody any more")


class SeatChangeMoved(PreconditionFailed):
    code, title = "seat_change_moved", _("The change of the seat has moved on; load it again")


class SeatChangeOpen(Conflict):
    code = "seat_change_open"
    title = _("The same is proposed for this account already and waits for the second office")


class NoSeat(Conflict):
    """One office does it alone."""

    code = "no_seat"
    title = _("This leads to no seat that takes two people; do it directly")


class ProposerGone(Conflict):
    code = "proposer_gone"
    title = _("Who proposed this no longer holds the office; refuse it and have it proposed anew")


class TwoCould(Conflict):
    """The operator's command stands in only where nobody else can."""

    code = "two_could"
    title = _(
        "Two offices are held and could do this: one proposes it on the page of the account, "
        "another confirms. If none of them can, say why with --because; it goes into the trail and "
        "to every administrator"
    )
