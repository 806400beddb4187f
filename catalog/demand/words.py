"""Where a demand stands, what a department answers, and why one was not met."""

from typing import Final

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class DemandStatus(Word):
    """``refused``: the demander accepts it or contests; ``being_shared``: a request is under way;
    ``merged``: it goes on under another one.
    """

    FILED = "filed", _("To be assigned")
    CLAIMED = "claimed", _("Claimed, to be answered")
    ANSWERED = "answered", _("Answered, to be applied for")
    COLLECTING = "collecting", _("Will be collected")
    REFUSED = "refused", _("Refused on a legal basis")
    CONTESTED = "contested", pgettext("demand", "Contested")
    BEING_SHARED = "being_shared", _("Being shared")
    MET = "met", pgettext("demand", "Met")
    UNMET = "unmet", pgettext("demand", "Not met")
    WITHDRAWN = "withdrawn", pgettext("demand", "Withdrawn")
    MERGED = "merged", _("Merged into another demand")

    @property
    def tone(self) -> str:
        return _TONES.get(self, "neutral")


_TONES: Final = {
    DemandStatus.FILED: "warning",
    DemandStatus.CLAIMED: "warning",
    DemandStatus.ANSWERED: "info",
    DemandStatus.COLLECTING: "info",
    DemandStatus.REFUSED: "danger",
    DemandStatus.CONTESTED: "warning",
    DemandStatus.BEING_SHARED: "info",
    DemandStatus.MET: "success",
    DemandStatus.UNMET: "danger",
}
#: Nothing becomes of it any more.
ENDED: Final = frozenset(
    {DemandStatus.MET, DemandStatus.UNMET, DemandStatus.WITHDRAWN, DemandStatus.MERGED}
)


class UseBasis(Word):
    """On what the use rests (使用依据): a matter is none of its kinds, and is never demanded."""

    LAW = "law", _("Law")
    ADMINISTRATIVE_REGULATION = "administrative_regulation", _("Administrative regulation")
    STATE_COUNCIL_DECISION = "state_council_decision", _("Decision of the State Council")
    DOCUMENT = "document", _("Other document")
    DUTY = "duty", _("Duty of the department")


class AnswerKind(Word):
    """What the department that was asked answers."""

    SHARE = "share", _("Shared: an entry serves it")
    COLLECT = "collect", _("Will be collected by a day")
    NOT_OURS = "not_ours", _("Not ours: another department's")
    REFUSE = "refuse", _("Not provided, on a legal basis")


class UnmetReason(Word):
    """Why a demand ended without a delivery."""

    WITHHELD_BY_LAW = "withheld_by_law", _("Not shared by law")
    NOBODY_HAS = "nobody_has", _("No department has it")
    NOT_SUITABLE = "not_suitable", _("The data does not serve the need")
    NO_LONGER_NEEDED = "no_longer_needed", _("No longer needed")
    TOO_LATE = "too_late", _("The term of use is over")


class Queue(Word):
    """Whose turn it is, as the list is asked."""

    MINE = "mine", _("Raised by my department")
    TO_ANSWER = "to_answer", _("To be answered by my department")
    TO_ASSIGN = "to_assign", _("To be assigned")


class CandidateKind(Word):
    """What may serve a demand."""

    ENTRY = "entry", _("Catalogue entry")
    ELEMENT = "element", _("Data element")
    DEPARTMENT = "department", _("Department")
