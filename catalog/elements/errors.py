"""What can go wrong with data elements."""

from collections.abc import Sequence

from shuqiao.errors import Conflict, FieldError, Invalid
from shuqiao.i18n import _


class ElementExists(Conflict):
    """An identifier is given once and for ever."""

    code = "element_exists"
    title = _("A data element with this identifier exists")


class AdoptedAlready(Conflict):
    """One standard for each datum (一数一标准): a name means one thing within an object class."""

    code = "adopted_already"
    title = _("An element of this name and object class is adopted")


class DefectiveElements(Invalid):
    """A list that is not taken as it is; nothing of it was kept. ``count``: of all its faults; the
    first 1,000 are named.
    """

    code = "defective_elements"
    title = _("The list of elements is defective and was not imported")

    def __init__(self, errors: Sequence[FieldError], count: int) -> None:
        super().__init__(errors=errors, count=count)
        self.count = count
