"""The words of an update: what changed, and where the update stands."""

from typing import Final

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class ChangeKind(Word):
    """What asks for an update; what each opens stands in ``lifecycle.OPENS``."""

    LAW = "law", _("Law")
    ADMINISTRATIVE_REGULATION = "administrative_regulation", _("Administrative regulation")
    STATE_COUNCIL_DECISION = "state_council_decision", _("Decision of the State Council")
    DUTY = "duty", _("Adjustment of duties")
    NEW_DATA = "new_data", _("New data")
    SOURCE_RE_ASSIGNED = "source_re_assigned", _("Source named anew")
    NEGATIVE_ENTRY = "negative_entry", _("Negative entry in force")
    BASIS_LAPSED = "basis_lapsed", _("Basis of not sharing lapsed")
    DEPARTMENT_REORGANISED = "department_reorganised", _("Departments merged or split")
    DEPARTMENT_RENAMED = "department_renamed", _("Department has another name")


#: What a person records for entries; with new data all that is recorded by hand. The others are
#: recorded by the step that brings them about.
BY_HAND: Final = (
    ChangeKind.LAW,
    ChangeKind.ADMINISTRATIVE_REGULATION,
    ChangeKind.STATE_COUNCIL_DECISION,
    ChangeKind.DUTY,
)


class UpdateStatus(Word):
    """Where the update stands. ``extended``: once, and not again."""

    DUE = "due", _("Update due")
    EXTENSION_ASKED = "extension_asked", _("Extension asked for")
    EXTENDED = "extended", _("Extended")
    MET = "met", _("Entry updated")
    DISMISSED = "dismissed", _("No update needed")


#: Nobody owes anything any more.
OVER: Final = (UpdateStatus.MET, UpdateStatus.DISMISSED)


class Urgency(Word):
    """What the board of what is due is narrowed to."""

    OVERDUE = "overdue", _("Overdue")
    SOON = "soon", _("Due within seven days")


class ExtensionOutcome(Word):
    """What the data administration says of an extension."""

    CONSENTED = "consented", pgettext("extension", "Consent")
    REFUSED = "refused", pgettext("extension", "Refuse")
