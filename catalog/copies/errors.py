"""What can go wrong with working copies and drafts."""

from catalog.resources.errors import NotPossibleNow
from shuqiao.errors import Conflict
from shuqiao.i18n import _


class CopyOpen(Conflict):
    """There is one working copy of an entry at a time; ``detail`` leads to it."""

    code = "working_copy_open"
    title = _("A working copy of this entry is open already")


class Reviewed(NotPossibleNow):
    """A draft that was reviewed stays: what was decided about it is kept."""

    def __init__(self) -> None:
        super().__init__(
            _("It has been reviewed; what was decided is kept. Leave it as a draft, or submit it.")
        )
