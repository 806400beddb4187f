"""Where a source claim and a countersigning stand, and on what a source rests."""

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


class CountersignStatus(Word):
    """What a collecting department said. ``silent``: nothing within its time, which agrees to
    nothing; ``dropped``: it was not needed any more.
    """

    ASKED = "asked", _("Asked to countersign")
    AGREED = "agreed", pgettext("countersigning", "Agrees")
    OBJECTED = "objected", pgettext("countersigning", "Objects")
    SILENT = "silent", _("Said nothing in time")
    DROPPED = "dropped", _("No longer asked")


class Ground(Word):
    """How a source came to be named."""

    SOLE = "sole", _("Source as a matter of course: the only one that collects it")
    COUNTERSIGNED = "countersigned", _("Named after countersigning")
    UPPER = "upper", _("Source of an upper level, recorded")
    DECIDED = "decided", _("Named by the decision of a conflict")
    ADOPTED = "adopted", _("Named with the data element when that was adopted")


class Answer(Word):
    """What a countersigning can say."""

    AGREED = "agreed", pgettext("countersigning", "Agree")
    OBJECTED = "objected", pgettext("countersigning", "Object")
