"""The rules a column can break, and how far a check has come."""

from collections.abc import Mapping
from typing import Final

from shuqiao.codes.faults import Fault
from shuqiao.codes.rules import RULES
from shuqiao.i18n import _
from shuqiao.words import Word

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
NO_NAME: Final = Fault(
    "no_name_of_domain",
    _("The value is no name of the value domain"),
    _("Write the name as the edition in force has it; look it up on the page of the domain."),
)
TWO_NAMES: Final = Fault(
    "two_names",
    _("The code bears another name in an earlier row"),
    _("Find out which of the two names is right, and correct the other at its source."),
)
OTHER_TYPE: Final = Fault(
    "other_type",
    _("The value is not of the data type of the standard"),
    _("Write numbers, dates and yes or no as the data type asks, without units or blanks."),
)
TOO_LONG: Final = Fault(
    "too_long",
    _("The text has more characters than the standard allows"),
    _("Shorten the text, or have the length of the standard looked at."),
)
TOO_MANY_DIGITS: Final = Fault(
    "too_many_digits",
    _("The number has more digits than the standard allows"),
    _("Round the number as the standard says, or check its unit."),
)
_OWN: Final = (
    *(MISSING, REQUIRED, OUTSIDE, NO_NAME, TWO_NAMES, OTHER_TYPE, TOO_LONG, TOO_MANY_DIGITS),
)

#: Every rule by its code, as reports keep it.
FAULTS: Final[Mapping[str, Fault]] = {
    fault.code: fault
    for fault in (*_OWN, *(each for rule in RULES.values() for each in rule.faults))
}


class Side(Word):
    """What of a value domain a column holds."""

    CODES = "codes", _("Codes")
    NAMES = "names", _("Names")


class CheckState(Word):
    """How far the check of a table against its standards has come."""

    UNBOUND = "unbound", _("No standard to check against")
    CLEARED = "cleared", _("Rows removed, not checked")
    WAITING = "waiting", _("Waiting to be checked")
    RUNNING = "running", _("Being checked against its standards")
    DONE = "done", _("Checked against its standards")
