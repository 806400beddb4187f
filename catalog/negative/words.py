"""Where an entry of the negative list and a contest of its basis stand, and how an entry ends."""

from typing import Final

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class EntryStatus(Word):
    """An entry acts while it is in force, with its review due or not; what a lapsed one struck is
    not to be requested until its owner classified it anew.
    """

    PROPOSED = "proposed", pgettext("negative entry", "Proposed")
    IN_FORCE = "in_force", pgettext("negative entry", "In force")
    REVIEW_DUE = "review_due", pgettext("negative entry", "In force, review due")
    LAPSED = "lapsed", _("Basis ended, to be updated")
    SUPERSEDED = "superseded", pgettext("negative entry", "Superseded")
    WITHDRAWN = "withdrawn", pgettext("negative entry", "Withdrawn")


#: What strikes the items of what is published from now on.
LIVE: Final = (EntryStatus.IN_FORCE, EntryStatus.REVIEW_DUE)


class EndKind(Word):
    """Why an entry acts no more, or never did."""

    BASIS_REPEALED = "basis_repealed", _("The basis was repealed or changed")
    BASIS_EXPIRED = "basis_expired", _("The basis came to its end")
    SUPERSEDED = "superseded", _("Another entry stands in its place")
    RECLASSIFIED = "reclassified", _("The department shares what it struck")
    NOT_CONSENTED = "not_consented", _("The department head did not consent")
    REFUSED = "refused", _("The data administration did not publish it")
    TAKEN_BACK = "taken_back", _("Taken back before it was in force")


class ContestStatus(Word):
    """``raised``: the owner answers; ``answered``: the data administration decides."""

    RAISED = "raised", _("To be answered by the owner")
    ANSWERED = "answered", pgettext("contest", "To be decided")
    UPHELD = "upheld", _("Basis upheld")
    TO_CHANGE = "to_change", _("Entry to be changed")
    CHANGED = "changed", _("Entry changed")
    LAPSED = "lapsed", pgettext("contest", "Fell away")


#: The contests that are not settled.
OPEN_CONTESTS: Final = (ContestStatus.RAISED, ContestStatus.ANSWERED, ContestStatus.TO_CHANGE)


class ReviewOutcome(Word):
    """What the data administration says of a proposed entry."""

    PUBLISHED = "published", pgettext("negative entry", "Put in force")
    REFUSED = "refused", pgettext("negative entry", "Do not put in force")


class ConsentOutcome(Word):
    """What the head of the department says of it."""

    CONSENTED = "consented", pgettext("negative entry", "Consent")
    REFUSED = "refused", pgettext("negative entry", "Do not consent")


class ContestOutcome(Word):
    """What the data administration says of a contested basis."""

    UPHELD = "upheld", _("Uphold the basis")
    TO_CHANGE = "to_change", _("Have the entry changed")
