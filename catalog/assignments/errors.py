"""Refusals of claim and fill."""

from collections.abc import Sequence

from shuqiao.errors import Conflict, FieldError, Invalid, PreconditionFailed
from shuqiao.i18n import Message, _


class TemplateNotNow(Conflict):
    code, title = "template_not_now", _("This is not possible in the present state of the template")

    def __init__(self, step: Message, state: Message) -> None:
        super().__init__(
            _("“%(act)s” is not possible while the template is: %(state)s", act=step, state=state)
        )


class TemplateChanged(PreconditionFailed):
    code, title = "template_changed", _("The template has changed since you looked at it")


class AssignmentNotNow(Conflict):
    code = "assignment_not_now"
    title = _("This is not possible in the present state of the assignment")

    def __init__(self, step: Message, state: Message) -> None:
        super().__init__(
            _("“%(act)s” is not possible while the assignment is: %(state)s", act=step, state=state)
        )


class AssignmentChanged(PreconditionFailed):
    code, title = "assignment_changed", _("The assignment has changed since you looked at it")


class AnsweredAlready(Conflict):
    """Some of those that were to be answered together are answered already; none was changed."""

    code, title = "answered_already", _("Some of these are answered already; nothing was changed")

    def __init__(self, numbers: Sequence[str]) -> None:
        names = "、".join(numbers[:20])
        super().__init__(_("Leave these out and send it again: %(names)s", names=names))


class AssignedAlready(Conflict):
    code, title = "assigned_already", _("The department has this line already")


class Unsettled(Conflict):
    """Refusals and remaining parts wait for the data administration."""

    code, title = "assignments_unsettled", _("Some answers still wait for your decision")

    def __init__(self, numbers: Sequence[str]) -> None:
        names = "、".join(numbers[:20])
        super().__init__(_("Assign these again or accept them first: %(names)s", names=names))


class DefectiveLines(Invalid):
    """A list that is not taken as it is; nothing of it was kept. ``count``: of all its faults; the
    first of them are named.
    """

    code = "defective_lines"
    title = _("The list of lines is defective and was not imported")

    def __init__(self, errors: Sequence[FieldError], count: int) -> None:
        super().__init__(errors=errors, count=count)
        self.count = count
