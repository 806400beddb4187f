"""The life of a list template: drawn up, issued to the departments, closed."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import Done, Lifecycle, Seat, Start, Step, Tasks, Todo
from catalog.assignments.words import TemplateStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = TemplateStatus

CLOSING: Final = Clock.TEMPLATE_CLOSING.value
PAGE: Final = "/list-templates/{no}"
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)

WRITE: Final = Step(
    name="write",
    to=(_S.DRAFT,),
    action=Action.TEMPLATE_WRITE,
    by=(ADMINISTRATION,),
    event=Event.TEMPLATE_WRITTEN,
    label=_("Draw up a template"),
    done=Done("written", _("The template is kept; add its lines")),
)
EDIT: Final = Step(
    name="edit",
    at=(_S.DRAFT,),
    to=(_S.DRAFT,),
    action=Action.TEMPLATE_WRITE,
    by=(ADMINISTRATION,),
    event=Event.TEMPLATE_EDITED,
    has_change=False,
    tasks=Tasks.KEPT,
    label=_("Change the template and its lines"),
    done=Done("edited", _("The template is changed")),
)
ISSUE: Final = Step(
    name="issue",
    at=(_S.DRAFT,),
    to=(_S.ISSUED,),
    action=Action.TEMPLATE_WRITE,
    by=(ADMINISTRATION,),
    event=Event.TEMPLATE_ISSUED,
    starts=Start(CLOSING, is_due_told=True),
    opens=Todo(
        kind="close_list_template",
        seat=ADMINISTRATION,
        what=_("Settle what is open and close the template “%(title)s” (%(no)s)"),
        page=PAGE,
        short=_("Close the template"),
        clock=CLOSING,
    ),
    label=_("Issue the template"),
    effect=_(
        "Each line goes to the departments that it suggests; they are asked to claim it by the "
        "deadline. The lines do not change any more."
    ),
    done=Done("issued", _("The template is issued; the departments have been asked")),
    tone="success",
)
CLOSE: Final = Step(
    name="close",
    at=(_S.ISSUED,),
    to=(_S.CLOSED,),
    action=Action.TEMPLATE_WRITE,
    by=(ADMINISTRATION,),
    event=Event.TEMPLATE_CLOSED,
    ends=(CLOSING,),
    label=_("Close the template"),
    effect=_("Who has not answered is named for good. What is claimed goes on being filled."),
    done=Done("closed", _("The template is closed")),
    tone="success",
)
TEMPLATE: Final[Lifecycle[TemplateStatus]] = Lifecycle(
    _("List template"), (WRITE, EDIT, ISSUE, CLOSE), steady=(_S.DRAFT,)
)
