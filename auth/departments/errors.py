"""What can go wrong with a department."""

from shuqiao.errors import PreconditionFailed
from shuqiao.i18n import _


class NameChanged(PreconditionFailed):
    code = "name_changed"
    title = _("The name was changed in the meantime; load the page again")
