"""How a review may end."""

from shuqiao.i18n import _
from shuqiao.words import Word


class ReviewOutcome(Word):
    """How a step of the review ended."""

    CONSENTED = "consented", _("Consented")
    PUBLISHED = "published", _("Published")
    RETURNED = "returned", _("Returned for correction")
