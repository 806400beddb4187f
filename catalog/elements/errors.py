"""What can go wrong with data elements."""

from shuqiao.errors import Conflict
from shuqiao.i18n import _


class ElementExists(Conflict):
    """An identifier is given once and for ever."""

    code = "element_exists"
    title = _("A data element with this identifier exists")


class ValueDomainExists(Conflict):
    """An edition of a value domain is never changed; a new list is a new edition."""

    code = "value_domain_exists"
    title = _("This edition of the value domain exists; give the new list an edition of its own")
