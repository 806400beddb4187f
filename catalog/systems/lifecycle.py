"""The life of an information system as one table: from the plan to the day it is shut down."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import OWNER, Done, Lifecycle, Seat, Step, Tasks
from catalog.systems.words import SystemStatus
from policies.actions import Action
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
#: The states that a person leads a system to, and the step that does it.
MOVES: Final = {each.to[0]: each for each in (BUILD, LAUNCH, WIND_DOWN, STOP)}

#: Nobody has to act because of the state alone; what is asked every year is the census.
LIFECYCLE: Final[Lifecycle[SystemStatus]] = Lifecycle(
    _("Information system"),
    (REGISTER, EDIT, BUILD, LAUNCH, WIND_DOWN, STOP),
    steady=tuple(SystemStatus),
)
