"""How a review may end."""

from shuqiao.i18n import _
from shuqiao.words import Word


class SelfReview(Word):
    """What the data administration decides about itself (本部门自审), being a department too: the
    one table of these exceptions. Another person of it decides, it is marked, and the superior
    reads the list.
    """

    ENTRY = "entry", _("Publication of an entry of its own")
    ELEMENT = "element", _("Decision on a data element of its own")
    EXTENSION = "extension", _("Decision on more time for updating an entry of its own")
    SOURCE = "source", _("Decision on a source claim of its own")
    CONFLICT = "conflict", _("Decision on a source conflict to which it is a party")
    NEGATIVE_ENTRY = "negative_entry", _("Putting in force of a negative entry of its own")
    CONTEST = "contest", _("Decision on a contest to which it is a party")


class ReviewOutcome(Word):
    """How a step of the review ended."""

    CONSENTED = "consented", _("Consented")
    PUBLISHED = "published", _("Published")
    RETURNED = "returned", _("Returned for correction")
