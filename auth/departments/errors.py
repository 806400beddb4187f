"""What can go wrong with a department."""

from datetime import date

from shuqiao.errors import Conflict, FieldError, PreconditionFailed
from shuqiao.i18n import _


class NameChanged(PreconditionFailed):
    code = "name_changed"
    title = _("The name was changed in the meantime; load the page again")


class DepartmentLooksAlike(Conflict):
    """A name that nobody could tell from another one on a page (UTS 39)."""

    code = "department_looks_alike"
    title = _("Another department's name looks the same")

    def __init__(self, name: str, code: str) -> None:
        detail = _(
            "The name looks like that of %(name)s (%(code)s); only blanks, signs or the way "
            "characters are written differ",
            name=name,
            code=code,
        )
        fix = _("Use that department, or a name that can be told from it.")
        super().__init__(detail, errors=[FieldError("/name", "looks_alike", detail, fix)])


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
