"""What can go wrong with an edition of the data."""

from shuqiao.errors import Conflict
from shuqiao.i18n import _


class EditionNotPossible(Conflict):
    """The life cycle of the edition has no such step in its present state."""

    code = "edition_not_possible"
    title = _("This is not possible in the present state of the edition")


class RefreshNotPossible(Conflict):
    """Only the stored copy of a connected table is renewed, by a cycle of so many days."""

    code = "refresh_not_possible"
    title = _("This data cannot be renewed on schedule")
