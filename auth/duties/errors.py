"""What can go wrong with a duty."""

from shuqiao.errors import Conflict
from shuqiao.i18n import _


class DutyEnded(Conflict):
    code = "duty_ended"
    title = _("The duty has ended already")
