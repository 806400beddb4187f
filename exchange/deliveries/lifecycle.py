"""Life cycle of a delivery (交付): it runs, and ends once."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import CONSUMER, Lifecycle, Seat, Step, Tasks
from exchange.deliveries.words import DeliveryStatus
from policies.actions import Action
from shuqiao.i18n import _

_S = DeliveryStatus

START: Final = Step(
    name="start",
    to=(_S.RUNNING,),
    action=Action.GRANT_FETCH,
    by=(Seat(Role.APPLICANT, CONSUMER),),
    event=Event.DELIVERY_STARTED,
    tasks=Tasks.KEPT,
    label=_("Start the transfer"),
)
#: Handed to the connection, from the first row to the last.
FINISH: Final = Step(
    name="finish",
    at=(_S.RUNNING,),
    to=(_S.FINISHED,),
    event=Event.DELIVERY_FINISHED,
    tasks=Tasks.KEPT,
    label=_("Finish the transfer"),
    tone="success",
)
STOP: Final = Step(
    name="stop",
    at=(_S.RUNNING,),
    to=(_S.STOPPED,),
    event=Event.DELIVERY_STOPPED,
    tasks=Tasks.KEPT,
    label=_("Stop the transfer"),
    tone="warning",
)
#: A fault on our side, or the serving process is gone.
FAIL: Final = Step(
    name="fail",
    at=(_S.RUNNING,),
    to=(_S.FAILED,),
    event=Event.DELIVERY_FAILED,
    result="error",
    tasks=Tasks.KEPT,
    label=_("Note that the transfer failed"),
    tone="danger",
)

LIFECYCLE: Final[Lifecycle[DeliveryStatus]] = Lifecycle(
    _("Delivery"), (START, FINISH, STOP, FAIL), steady=(_S.RUNNING,)
)
