"""What can go wrong with an area."""

from shuqiao.errors import Conflict, Invalid
from shuqiao.i18n import _


class CodeTaken(Conflict):
    """Codes of areas are never used twice, not even after the area has ended."""

    code = "area_code_taken"
    title = _("An area with this code exists, or once existed; codes are never used again")


class AreaEnded(Conflict):
    code = "area_ended"
    title = _("The area has ended already")


class TableRefused(Invalid):
    code = "bad_table"
    title = _("The table of divisions cannot be loaded")
