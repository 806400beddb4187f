"""Labels of the fields that only conformity reports have."""

from collections.abc import Mapping
from typing import Final

from shuqiao.i18n import Message, _

#: Name of a field → what it says.
OF_CONFORMITY: Final[Mapping[str, Message]] = {
    "damaged_at": _("Since when its stored rows are known to be damaged"),
    "columns": _("Columns"),
    "checked": _("Values that were checked"),
    "column": _("Name of the column of the data"),
    "detail": _("What is wrong, in words"),
    "domain_edition": _("Edition of the value domain it was held to"),
    "domain_edition_label": _("Name of that edition"),
    "domain_name": _("Name of the value domain"),
    "element_name": _("Name of the data element"),
    "element_version": _("Version of the data element it was held to"),
    "held_on": _("Day whose editions of value domains count"),
    "held_to": _("Whether its values are codes or names of the domain"),
    "made_at": _("When it was made"),
    "named": _("How many failures are named one by one"),
    "rows_done": _("Rows checked so far"),
    "rows_known": _("Rows to be checked"),
    "rule": _("Rule that is broken"),
    "rules": _("Rules of the column with their counts"),
}
