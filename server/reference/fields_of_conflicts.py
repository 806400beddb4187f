"""Labels of the fields that only source conflicts have."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_CONFLICTS: Final[Mapping[str, Message]] = {
    "against": _("Number of the claim that is disputed"),
    "claim": _("Number of the claim that is disputed"),
    "conflict_no": _("Public number of the source conflict, for example CF-2026-000001"),
    "decided_at": _("When it was decided"),
    "decided_by": _("Who decided"),
    "document": _("Document that it rests on"),
    "entries": _("Codes of resources that show it"),
    "opened_at": _("When it was opened"),
    "opener": _("Department that disputes the claim"),
    "opinion": _("What the establishment office says of the duties"),
    "opinion_document": _("Number of the document of the opinion"),
    "own_claim": _("Number of the claim that the disputing department made"),
    "plea": _("Why the decision should be reviewed"),
    "reasons": _("Reasons of the decision"),
    "review_asked_at": _("When the review was asked for"),
    "review_plea": _("Why the decision should be reviewed"),
    "review_reasons": _("Reasons of the decision on the review"),
    "review_until": _("Last day on which a review may be asked for"),
    "reviewed_by": _("Who decided on the review"),
    "rival": _("Department whose claim is disputed"),
    "statement": _("What a side states"),
    "statements": _("What the sides state, the one that disputes first"),
    "stated_at": _("When it was stated"),
    "stated_by": _("Who stated it"),
}
