"""What can go wrong with value domains."""

from shuqiao.errors import Conflict, Invalid
from shuqiao.i18n import _


class DomainExists(Conflict):
    """One list for each kind of codes: its name is given once."""

    code = "domain_exists"
    title = _("A value domain with this name exists")


class ValueDomainExists(Conflict):
    """An edition of a value domain is never changed; a new list is a new edition."""

    code = "value_domain_exists"
    title = _("This edition of the value domain exists; give the new list an edition of its own")


class DefectiveList(Invalid):
    """A list that is not taken as it is; nothing of it was kept."""

    code = "defective_list"
    title = _("The list is defective and was not imported")
