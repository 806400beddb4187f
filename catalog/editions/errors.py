"""What can go wrong with an edition of the data."""

from shuqiao.errors import Conflict
from shuqiao.i18n import _


class EditionNotPossible(Conflict):
    """The life cycle of the edition has no such step in its present state."""

    code = "edition_not_possible"
    title = _("This is not possible in the present state of the edition")
