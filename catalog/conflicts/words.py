"""Where a source conflict stands, and what a review can say."""

from shuqiao.i18n import _, pgettext
from shuqiao.words import Word


class ConflictStatus(Word):
    """``opened``: the other side has its say; ``heard``: the data administration decides, or brings
    it before its superior (``referred``); then once a review may be asked for.
    """

    OPENED = "opened", _("The other side has its say")
    HEARD = "heard", _("To be decided")
    REFERRED = "referred", _("Brought before the superior administration")
    DECIDED = "decided", pgettext("source conflict", "Decided")
    REVIEWING = "reviewing", _("Under review")
    UPHELD = "upheld", _("Upheld on review")
    CHANGED = "changed", _("Changed on review")
    WITHDRAWN = "withdrawn", pgettext("source conflict", "Withdrawn")


#: Nothing is settled while it stands there.
OPEN = frozenset(
    {
        ConflictStatus.OPENED,
        ConflictStatus.HEARD,
        ConflictStatus.REFERRED,
        ConflictStatus.REVIEWING,
    }
)


class ReviewOutcome(Word):
    """What a review of the decision says."""

    UPHELD = "upheld", _("Uphold the decision")
    CHANGED = "changed", _("Name the other department")
