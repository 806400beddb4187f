"""What can go wrong with data elements."""

from shuqiao.errors import Conflict
from shuqiao.i18n import _


class ElementExists(Conflict):
    """An identifier is given once and for ever."""

    code = "element_exists"
    title = _("A data element with this identifier exists")


class AdoptedAlready(Conflict):
    """One standard for each datum (一数一标准): a name means one thing within an object class."""

    code = "adopted_already"
    title = _("An element of this name and object class is adopted")
