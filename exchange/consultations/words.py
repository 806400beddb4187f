"""Where a consultation and its filing stand, who speaks, and what came of it."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class ConsultationStatus(Word):
    """``dropped``: nothing is left to consult about, the grant is over or its items leave again."""

    OPEN = "open", pgettext("consultation", "Under consultation")
    CONCLUDED = "concluded", pgettext("consultation", "Concluded")
    DROPPED = "dropped", pgettext("consultation", "No longer needed")


class FilingStatus(Word):
    DUE = "due", pgettext("filing", "To be filed")
    FILED = "filed", pgettext("filing", "Filed")
    DROPPED = "dropped", pgettext("filing", "No longer needed")


class Side(Word):
    """Who states something."""

    PROVIDER = "provider", _("Provider")
    CONSUMER = "consumer", _("Consumer")


class Outcome(Word):
    """What came of the consultation; ``unanswered``: the consumer let its time pass."""

    AGREED = "agreed", _("The consumer agrees")
    DISAGREED = "disagreed", _("The consumer does not agree")
    UNANSWERED = "unanswered", _("The consumer did not answer in time")


TONES: Final[Mapping[ConsultationStatus, str]] = {
    ConsultationStatus.OPEN: "warning",
    ConsultationStatus.CONCLUDED: "success",
    ConsultationStatus.DROPPED: "neutral",
}
FILING_TONES: Final[Mapping[FilingStatus, str]] = {
    FilingStatus.DUE: "warning",
    FilingStatus.FILED: "success",
    FilingStatus.DROPPED: "neutral",
}
