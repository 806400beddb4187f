"""Where a source claim and a countersigning stand, and on what a source rests."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class ClaimStatus(Word):
    """Where a claim stands. Only a confirmed one is authoritative."""

    PROPOSED = "proposed", pgettext("source claim", "Claimed")
    COUNTERSIGNING = "countersigning", _("Being countersigned")
    CONFIRMED = "confirmed", _("Source named")
    RE_ASSIGNED = "re_assigned", _("Given to another department")
    ENDED = "ended", pgettext("source claim", "Ended")
    WITHDRAWN = "withdrawn", pgettext("source claim", "Withdrawn")
    REFUSED = "refused", pgettext("source claim", "Not confirmed")


#: A claim that still waits for the data administration.
OPEN = frozenset({ClaimStatus.PROPOSED, ClaimStatus.COUNTERSIGNING})


TONES: Final[Mapping[ClaimStatus, str]] = {
    ClaimStatus.PROPOSED: "warning",
    ClaimStatus.COUNTERSIGNING: "warning",
    ClaimStatus.CONFIRMED: "success",
    ClaimStatus.RE_ASSIGNED: "neutral",
    ClaimStatus.ENDED: "neutral",
    ClaimStatus.WITHDRAWN: "neutral",
    ClaimStatus.REFUSED: "danger",
}


class CountersignStatus(Word):
    """What a collecting department said. ``silent``: nothing within its time, which agrees to
    nothing; ``dropped``: it was not needed any more.
    """

    ASKED = "asked", _("Asked to countersign")
    AGREED = "agreed", pgettext("countersigning", "Agrees")
    OBJECTED = "objected", pgettext("countersigning", "Objects")
    SILENT = "silent", _("Said nothing in time")
    DROPPED = "dropped", _("No longer asked")


SIGN_TONES: Final[Mapping[CountersignStatus, str]] = {
    CountersignStatus.ASKED: "warning",
    CountersignStatus.AGREED: "success",
    CountersignStatus.OBJECTED: "danger",
    CountersignStatus.SILENT: "neutral",
    CountersignStatus.DROPPED: "neutral",
}


class Ground(Word):
    """How a source came to be named."""

    SOLE = "sole", _("Source as a matter of course: the only one that collects it")
    COUNTERSIGNED = "countersigned", _("Named after countersigning")
    UPPER = "upper", _("Source of an upper level, recorded")
    DECIDED = "decided", _("Named by the decision of a conflict")
    ADOPTED = "adopted", _("Named with the data element when that was adopted")
    CARRIED = "carried", _("Taken over from the data element that it replaces")


class Answer(Word):
    """What a countersigning can say."""

    AGREED = "agreed", pgettext("countersigning", "Agree")
    OBJECTED = "objected", pgettext("countersigning", "Object")


class Decision(Word):
    """What the data administration says of a claim."""

    CONFIRMED = "confirmed", _("Name the department as the source")
    REFUSED = "refused", pgettext("source claim", "Do not confirm")
