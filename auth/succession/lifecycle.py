"""The succession after a merger or a split as one table."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import Done, Lifecycle, Seat, Start, Step, Tasks, Todo
from auth.succession.words import SuccessionStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = SuccessionStatus

NAMING: Final = Clock.SUCCESSION.value
PAGE: Final = "/reorganisations/{no}/succession"
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)

LEFT: Final = Todo(
    kind="name_successors",
    seat=ADMINISTRATION,
    what=_("Name the successors after %(no)s: %(left)s left"),
    page=PAGE,
    short=_("Name the successors"),
    clock=NAMING,
)
#: The act ended departments that hold something.
OPEN: Final = Step(
    name="open",
    to=(_S.OPEN,),
    event=Event.SUCCESSION_OPENED,
    starts=Start(NAMING, is_due_told=True),
    opens=LEFT,
    label=_("Ask for successors"),
)
#: One step for each ruling, with what it names; what is left is told anew.
NAME: Final = Step(
    name="name",
    at=(_S.OPEN,),
    action=Action.SUCCESSION_NAME,
    by=(ADMINISTRATION,),
    event=Event.SUCCESSOR_NAMED,
    has_change=False,
    tasks=Tasks.DROPPED,
    opens=LEFT,
    label=_("Name the successor"),
    done=Done("named", _("The successor is named"), goes_on=True),
)
SETTLE: Final = Step(
    name="settle",
    at=(_S.OPEN,),
    to=(_S.SETTLED,),
    event=Event.SUCCESSION_SETTLED,
    ends=(NAMING,),
    label=_("Note that everything has its successor"),
    tone="success",
)

LIFECYCLE: Final[Lifecycle[SuccessionStatus]] = Lifecycle(_("Succession"), (OPEN, NAME, SETTLE))
