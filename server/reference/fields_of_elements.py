"""Labels of the fields that only data elements and proposals for them have."""

from collections.abc import Mapping
from typing import Final

from catalog.elements.fields import FIELDS
from catalog.proposals.views import LABELS
from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_ELEMENTS: Final[Mapping[str, Message]] = {
    **{each.name: each.label for each in FIELDS},
    "successor": LABELS["successor"],
    "verdict": LABELS["verdict"],
    "verdict_label": _("The opinion, in words"),
    "given_at": _("When it was given"),
    "proposal_no": _("Public number of the proposal, for example EP-2026-000001"),
    "why": _("Why it would no longer fit"),
    "effect": _("What it means for those who follow the element; absent once it is decided"),
}
