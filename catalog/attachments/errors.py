"""What can go wrong with attached data."""

from shuqiao.errors import Conflict
from shuqiao.i18n import _


class AttachmentRunning(Conflict):
    """The file is being stored, or was."""

    code = "attachment_confirmed"
    title = _("The types of this file were confirmed already")
