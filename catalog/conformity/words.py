"""The rules a column can break that no kind of code has words for."""

from typing import Final

from shuqiao.codes.faults import Fault
from shuqiao.i18n import _

MISSING: Final = Fault(
    "column_missing",
    _("The table has no such column"),
    _("Name the column as the entry does, or take the standard off the item."),
)
REQUIRED: Final = Fault("no_value", _("There is no value"), _("Fill the value in at its source."))
OUTSIDE: Final = Fault(
    "outside_domain",
    _("The value is no code of the value domain"),
    _("Use a code of the edition that is in force; look it up on the page of the domain."),
)
