"""Why a key is not rotated."""

from shuqiao.errors import Conflict, NotFound
from shuqiao.i18n import _


class KeyUnknown(NotFound):
    """No such key is registered."""

    code, title = "key_unknown", _("No such key is registered: look at shuqiao keys list")


class RotationNeedsReason(Conflict):
    """What a new key does to others must be wanted."""

    code = "rotation_needs_reason"
    title = _("A new key here changes what others hold already")
