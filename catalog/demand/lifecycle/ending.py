"""A demand is applied for and met, merged, or ends otherwise; and the whole table."""

from typing import Final

from audit.events import Event
from auth.steps import Done, Lifecycle, Notice, Start, Step, Tasks
from catalog.demand.lifecycle.answering import (
    ASSIGN,
    CLAIM,
    CONTEST,
    FALL_DUE,
    FILE,
    HAND_BACK,
    OFFER,
    PROMISE,
    REFUSE,
    SEND_BACK,
    UPHOLD,
)
from catalog.demand.lifecycle.seats import (
    ADMINISTRATION,
    ALL,
    ANSWERING,
    APPLYING,
    ASSIGNING,
    DEMANDERS,
    FILER,
    HEAD,
    OBJECTING,
    PAGE,
    TO_APPLY,
)
from catalog.demand.words import DemandStatus
from policies.actions import Action
from shuqiao.i18n import _, pgettext

_S = DemandStatus

#: A request that cites it reached the unified intake.
REQUESTED: Final = Step(
    name="requested",
    at=(_S.ANSWERED, _S.BEING_SHARED),
    to=(_S.BEING_SHARED,),
    event=Event.DEMAND_REQUESTED,
    ends=(APPLYING,),
    label=_("Applied for"),
)
#: The last request under way came to nothing.
REQUEST_ENDED: Final = Step(
    name="request_ended",
    at=(_S.BEING_SHARED,),
    to=(_S.ANSWERED,),
    event=Event.DEMAND_REQUEST_ENDED,
    starts=Start(APPLYING),
    opens=TO_APPLY,
    tells=(Notice((FILER,), _("The request for demand %(no)s came to nothing"), PAGE),),
    label=_("The request came to nothing"),
    tone="warning",
)
#: The same while another one is under way.
STAY_SHARED: Final = Step(
    name="stay_shared",
    at=(_S.BEING_SHARED,),
    to=(_S.BEING_SHARED,),
    event=Event.DEMAND_REQUEST_LAPSED,
    tasks=Tasks.KEPT,
    label=_("One of several requests came to nothing"),
)
#: Somebody still wants it, and nobody applies now.
WAIT: Final = Step(
    name="wait",
    at=(_S.BEING_SHARED,),
    to=(_S.ANSWERED,),
    event=Event.DEMAND_WAITS,
    starts=Start(APPLYING),
    opens=TO_APPLY,
    tells=(Notice((FILER,), _("Demand %(no)s is still to be applied for"), PAGE),),
    label=_("To be applied for by the others"),
    tone="warning",
)
#: One of several voices received its data.
SERVE: Final = Step(
    name="serve",
    at=(_S.BEING_SHARED,),
    event=Event.DEMAND_SERVED,
    tasks=Tasks.KEPT,
    has_change=False,
    label=_("One of its departments received the data"),
)
#: Only a delivery that finished does that.
MEET: Final = Step(
    name="meet",
    at=(_S.ANSWERED, _S.BEING_SHARED),
    to=(_S.MET,),
    event=Event.DEMAND_MET,
    ends=(APPLYING,),
    tasks=Tasks.DROPPED,
    tells=(Notice((FILER, HEAD), _("Demand %(no)s is met: “%(title)s”"), PAGE),),
    label=_("Met by a delivery"),
    tone="success",
)
_OPEN: Final = (
    _S.FILED,
    _S.CLAIMED,
    _S.ANSWERED,
    _S.COLLECTING,
    _S.REFUSED,
    _S.CONTESTED,
    _S.BEING_SHARED,
)
#: Neither while a department is to answer, nor while a refusal is contested.
CLOSE: Final = Step(
    name="close",
    at=(_S.FILED, _S.ANSWERED, _S.COLLECTING, _S.REFUSED, _S.BEING_SHARED),
    to=(_S.UNMET,),
    action=Action.DEMAND_CLOSE,
    by=(*DEMANDERS, ADMINISTRATION),
    event=Event.DEMAND_CLOSED,
    ends=(ASSIGNING, APPLYING, OBJECTING),
    tasks=Tasks.DROPPED,
    tells=(Notice((FILER,), _("Demand %(no)s ended as not met: %(reason)s"), PAGE),),
    label=_("End it as not met"),
    effect=_("It ends for good; the reason is counted in the monthly figures."),
    done=Done("closed", _("The demand ended as not met")),
    tone="danger",
)
WITHDRAW: Final = Step(
    name="withdraw",
    at=_OPEN,
    to=(_S.WITHDRAWN,),
    action=Action.DEMAND_WITHDRAW,
    by=DEMANDERS,
    event=Event.DEMAND_WITHDRAWN,
    ends=ALL,
    tasks=Tasks.DROPPED,
    label=pgettext("demand", "Withdraw"),
    effect=_("Where other departments want the same, the demand goes on for them."),
    done=Done("withdrawn", _("The demand is withdrawn")),
    tone="warning",
)
#: The voice of one of several departments goes; the demand stays.
LEAVE: Final = Step(
    name="leave",
    at=_OPEN,
    event=Event.DEMAND_VOICE_LEFT,
    tasks=Tasks.KEPT,
    has_change=False,
    label=_("One of its departments no longer needs it"),
)
MERGE: Final = Step(
    name="merge",
    at=(_S.FILED, _S.CLAIMED),
    to=(_S.MERGED,),
    action=Action.DEMAND_MERGE,
    by=(ADMINISTRATION,),
    event=Event.DEMAND_MERGED,
    ends=(ASSIGNING, ANSWERING),
    tasks=Tasks.DROPPED,
    tells=(Notice((FILER,), _("Demand %(no)s goes on under %(into)s, with your voice"), PAGE),),
    label=_("Merge into another demand"),
    effect=_("It goes on under that one; need, scene and term of each department stay as filed."),
    done=Done("merged", _("The demands are merged")),
)
#: The other side of a merger.
JOIN: Final = Step(
    name="join",
    at=(_S.FILED, _S.CLAIMED, _S.ANSWERED, _S.COLLECTING, _S.BEING_SHARED),
    event=Event.DEMAND_JOINED,
    tasks=Tasks.KEPT,
    has_change=False,
    tells=(Notice((FILER,), _("%(department)s wants the same as demand %(no)s"), PAGE),),
    label=_("Another department wants the same"),
)
LIFECYCLE: Final[Lifecycle[DemandStatus]] = Lifecycle(
    _("Demand"),
    (
        FILE,
        CLAIM,
        ASSIGN,
        OFFER,
        PROMISE,
        HAND_BACK,
        REFUSE,
        FALL_DUE,
        CONTEST,
        UPHOLD,
        SEND_BACK,
        REQUESTED,
        REQUEST_ENDED,
        STAY_SHARED,
        WAIT,
        SERVE,
        MEET,
        CLOSE,
        WITHDRAW,
        LEAVE,
        MERGE,
        JOIN,
    ),
    #: Dated by the day promised, and by the clocks of the request.
    steady=(_S.COLLECTING, _S.BEING_SHARED),
)
