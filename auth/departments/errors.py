"""What can go wrong with a department."""

from datetime import date

from shuqiao.errors import Conflict, PreconditionFailed
from shuqiao.i18n import _


class NameChanged(PreconditionFailed):
    code = "name_changed"
    title = _("The name was changed in the meantime; load the page again")


class DepartmentChanged(PreconditionFailed):
    code = "department_changed"
    title = _("The department was changed in the meantime; load the page again")


class DepartmentEnded(Conflict):
    """Nothing new begins in a department that was merged or split; what it has stays readable."""

    code = "department_ended"
    title = _("The department has ended; nothing new begins in it")

    def __init__(self, name: str, ended_on: date) -> None:
        super().__init__(
            _(
                "%(name)s ended on %(day)s; nothing new begins in it. Its page names what came "
                "after it.",
                name=name,
                day=ended_on.isoformat(),
            )
        )
