"""The life of an information system as one table, from the plan to the day it is shut down; and
those of the yearly census: the census itself, and what each department owes to it.
"""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import OWNER, Done, Lifecycle, Seat, Start, Step, Tasks, Todo
from catalog.systems.words import CensusStatus, ReturnStatus, SystemStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = SystemStatus

REGISTRAR: Final = Seat(Role.REGISTRAR, OWNER)

REGISTER: Final = Step(
    name="register",
    to=(_S.PLANNED, _S.BUILDING, _S.RUNNING),
    action=Action.SYSTEM_REGISTER,
    by=(Seat(Role.REGISTRAR),),
    event=Event.SYSTEM_REGISTERED,
    tasks=Tasks.KEPT,
    label=_("Register a system"),
    done=Done("registered", _("The system is registered")),
)
EDIT: Final = Step(
    name="edit",
    at=(_S.PLANNED, _S.BUILDING, _S.RUNNING, _S.STOPPING),
    action=Action.SYSTEM_EDIT,
    by=(REGISTRAR,),
    event=Event.SYSTEM_EDITED,
    has_change=False,
    tasks=Tasks.KEPT,
    label=_("Change what is said of the system"),
    done=Done("edited", _("The system is described anew")),
)
BUILD: Final = Step(
    name="build",
    at=(_S.PLANNED,),
    to=(_S.BUILDING,),
    action=Action.SYSTEM_EDIT,
    by=(REGISTRAR,),
    event=Event.SYSTEM_BEGUN,
    tasks=Tasks.KEPT,
    label=_("Note that it is being built"),
    done=Done("begun", _("The system is being built")),
)
LAUNCH: Final = Step(
    name="launch",
    at=(_S.PLANNED, _S.BUILDING),
    to=(_S.RUNNING,),
    action=Action.SYSTEM_EDIT,
    by=(REGISTRAR,),
    event=Event.SYSTEM_LAUNCHED,
    tasks=Tasks.KEPT,
    label=_("Note that it runs"),
    done=Done("launched", _("The system runs")),
    tone="success",
)
WIND_DOWN: Final = Step(
    name="wind_down",
    at=(_S.RUNNING,),
    to=(_S.STOPPING,),
    action=Action.SYSTEM_EDIT,
    by=(REGISTRAR,),
    event=Event.SYSTEM_STOPPING,
    tasks=Tasks.KEPT,
    label=_("Note that it is being shut down"),
    done=Done("stopping", _("The system is being shut down")),
    tone="warning",
)
STOP: Final = Step(
    name="stop",
    at=(_S.PLANNED, _S.BUILDING, _S.RUNNING, _S.STOPPING),
    to=(_S.STOPPED,),
    action=Action.SYSTEM_EDIT,
    by=(REGISTRAR,),
    event=Event.SYSTEM_STOPPED,
    tasks=Tasks.KEPT,
    label=_("Note that it is shut down or given up"),
    effect=_("Its entries stay; look after their renewal. The system does not come back."),
    done=Done("stopped", _("The system is shut down")),
    tone="warning",
)
CONFIRM: Final = Step(
    name="confirm",
    at=(_S.PLANNED, _S.BUILDING, _S.RUNNING, _S.STOPPING),
    action=Action.SYSTEM_EDIT,
    by=(REGISTRAR,),
    event=Event.SYSTEM_CONFIRMED,
    has_change=False,
    is_note=True,
    tasks=Tasks.KEPT,
    label=_("Confirm for the census"),
    done=Done("confirmed", _("The system is confirmed for the census")),
)
#: The states that a person leads a system to, and the step that does it.
MOVES: Final = {each.to[0]: each for each in (BUILD, LAUNCH, WIND_DOWN, STOP)}

#: Nobody has to act because of the state alone; what is asked every year is the census.
LIFECYCLE: Final[Lifecycle[SystemStatus]] = Lifecycle(
    _("Information system"),
    (REGISTER, EDIT, BUILD, LAUNCH, WIND_DOWN, STOP, CONFIRM),
    steady=tuple(SystemStatus),
)

#: The clocks of a census: of what a department owes, and of closing it.
REPORTING: Final = Clock.SYSTEM_CENSUS.value
CLOSING: Final = Clock.CENSUS_CLOSING.value
CENSUS_PAGE: Final = "/systems/census/{year}"
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)

#: One for each department, when a census is opened.
ASK_RETURN: Final = Step(
    name="ask",
    to=(ReturnStatus.DUE,),
    action=Action.CENSUS_OPEN,
    by=(ADMINISTRATION,),
    event=Event.CENSUS_ASKED,
    starts=Start(REPORTING, is_due_told=True),
    opens=Todo(
        kind="census_return",
        seat=REGISTRAR,
        what=_("Confirm the systems of your department for the census of %(year)s"),
        page=CENSUS_PAGE,
        short=_("Confirm the systems"),
        clock=REPORTING,
    ),
    label=_("Ask a department for its systems"),
)
REPORT: Final = Step(
    name="report",
    at=(ReturnStatus.DUE,),
    to=(ReturnStatus.REPORTED,),
    action=Action.CENSUS_REPORT,
    by=(REGISTRAR,),
    event=Event.CENSUS_REPORTED,
    ends=(REPORTING,),
    label=_("Report the systems of the department"),
    done=Done("reported", _("Your department has reported")),
    tone="success",
)
#: The census is closed, and the department has not reported (应报未报).
MISS: Final = Step(
    name="miss",
    at=(ReturnStatus.DUE,),
    to=(ReturnStatus.MISSED,),
    event=Event.CENSUS_MISSED,
    ends=(REPORTING,),
    tasks=Tasks.DROPPED,
    label=_("Note that the department has not reported"),
    tone="danger",
)
#: The department has ended; its successor reports in its own return.
PASS: Final = Step(
    name="pass",
    at=(ReturnStatus.DUE,),
    to=(ReturnStatus.PASSED,),
    event=Event.CENSUS_SUCCEEDED,
    ends=(REPORTING,),
    tasks=Tasks.DROPPED,
    label=_("Note that the successor reports"),
    tone="neutral",
)
RETURN: Final[Lifecycle[ReturnStatus]] = Lifecycle(
    _("What a department reports to the census"), (ASK_RETURN, REPORT, MISS, PASS)
)

OPEN: Final = Step(
    name="open",
    to=(CensusStatus.OPEN,),
    action=Action.CENSUS_OPEN,
    by=(ADMINISTRATION,),
    event=Event.CENSUS_OPENED,
    starts=Start(CLOSING, is_due_told=True),
    opens=Todo(
        kind="close_census",
        seat=ADMINISTRATION,
        what=_("Close the census of systems of %(year)s"),
        page=CENSUS_PAGE,
        short=_("Close the census"),
        clock=CLOSING,
    ),
    label=_("Open the census of systems"),
    effect=_("Every department is asked to confirm its systems."),
    done=Done("opened", _("The census is open; the departments have been asked")),
)
CLOSE: Final = Step(
    name="close",
    at=(CensusStatus.OPEN,),
    to=(CensusStatus.CLOSED,),
    action=Action.CENSUS_OPEN,
    by=(ADMINISTRATION,),
    event=Event.CENSUS_CLOSED,
    ends=(CLOSING,),
    label=_("Close the census"),
    effect=_("Who has not reported by then is named; the result stays as it is."),
    done=Done("closed", _("The census is closed; its result is kept")),
    tone="success",
)
CENSUS: Final[Lifecycle[CensusStatus]] = Lifecycle(_("Census of systems"), (OPEN, CLOSE))
