"""What can go wrong with data resources."""

from shuqiao.errors import Conflict, Invalid
from shuqiao.i18n import _


class NotPossibleNow(Conflict):
    """The life cycle has no such step in the present state."""

    code = "not_possible_now"
    title = _("This is not possible in the present state of the resource")


class Incomplete(Invalid):
    """The entry lacks something Order 809 or the cataloguing guide asks for; every missing field is named."""

    code = "resource_incomplete"
    title = _("The catalogue entry is not complete yet")


class AttachmentRunning(Conflict):
    """The file is being stored, or was."""

    code = "attachment_confirmed"
    title = _("The types of this file were confirmed already")
