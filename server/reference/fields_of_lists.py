"""Labels of the fields that only the three lists have, and of a few that elements, sources and
checks have by themselves.
"""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_LISTS: Final[Mapping[str, Message]] = {
    "as_of": _("Day at whose end the list is shown"),
    "assessment": _("What the assessments concluded"),
    "by": _("What a line is: an item or an entry"),
    "carries_sources": _("Whether the sources go over to the replacing element"),
    "cause_label": _("What brought the version about, in words"),
    "change": _("What is different, if anything"),
    "condition": _("On which conditions it is shared"),
    "consented_at": _("When the head of the department consented"),
    "differing": _("Lines that differ"),
    "filed_on": _("Day on which it was filed"),
    "grants": _("Share grants"),
    "is_drifted": _("Whether the item differs from its data element"),
    "is_in_force": _("Whether the version of the data element is in force"),
    "is_whole": _("Whether all rows were looked at, and not a sample"),
    "mounting": _("Whether data is attached"),
    "negative": _("Lines of the negative list"),
    "proposed_by": _("Who proposed it"),
    "range": _("For which use"),
    "referred_at": _("When it was brought before the superior administration"),
    "resource": _("Code of the entry of the catalogue"),
    "responsibility": _("Lines of the responsibility list"),
    "reviewed_on": _("Day of the review"),
    "same": _("Lines that are the same"),
    "share_type_label": _("How it is shared, in words"),
    "share_way_label": _("Way in which it is granted, in words"),
}
