"""What is proposed for the standards, where it stands, and what is said of it."""

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class ProposalKind(Word):
    """What becomes of an element when the proposal is published."""

    ADOPT = "adopt", _("New data element")
    CHANGE = "change", _("Change of a data element")
    REPLACE = "replace", _("Replacement by another data element")
    RETIRE = "retire", _("Retirement of a data element")

    @property
    def has_content(self) -> bool:
        """Whether it says anew what the element is."""
        return self in (ProposalKind.ADOPT, ProposalKind.CHANGE)


class ProposalStatus(Word):
    """Where a proposal stands. ``recorded``: the departments are heard."""

    PROPOSED = "proposed", _("To be recorded")
    RECORDED = "recorded", _("Being heard")
    RETURNED = "returned", _("Returned for correction")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def tone(self) -> str:
        tones = {
            ProposalStatus.PUBLISHED: "success",
            ProposalStatus.WITHDRAWN: "neutral",
            ProposalStatus.RECORDED: "info",
        }
        return tones.get(self, "warning")


class Verdict(Word):
    """What a department says of a proposal that is heard."""

    AGREES = "agrees", _("No objection")
    COMMENTS = "comments", _("Has comments")


class ProposalOutcome(Word):
    """The word of the data administration after the hearing."""

    PUBLISHED = "published", pgettext("proposal", "Publish")
    RETURNED = "returned", pgettext("proposal", "Return for correction")
