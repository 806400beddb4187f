"""The words of an update: what changed, and where the update stands."""

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class ChangeKind(Word):
    """What the clock of Art. 17 starts with."""

    LAW = "law", _("Law")
    ADMINISTRATIVE_REGULATION = "administrative_regulation", _("Administrative regulation")
    STATE_COUNCIL_DECISION = "state_council_decision", _("Decision of the State Council")
    DUTY = "duty", _("Adjustment of duties")


class UpdateStatus(Word):
    """Where the update stands. ``extended``: once, and not again."""

    DUE = "due", _("Update due")
    EXTENSION_ASKED = "extension_asked", _("Extension asked for")
    EXTENDED = "extended", _("Extended")
    MET = "met", _("Entry updated")


class ExtensionOutcome(Word):
    """What the data administration says of an extension."""

    CONSENTED = "consented", pgettext("extension", "Consent")
    REFUSED = "refused", pgettext("extension", "Refuse")
