"""A demand is filed, claimed or assigned, and answered; a refusal is accepted or contested."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import Done, Notice, Seat, Start, Step, Tasks
from catalog.demand.lifecycle.seats import (
    ADMINISTRATION,
    ANSWERING,
    APPLYING,
    ASSIGNING,
    DEMANDERS,
    FILER,
    HEAD,
    MEDIATING,
    OBJECTING,
    PAGE,
    REGISTRARS,
    TO_ACCEPT,
    TO_ANSWER,
    TO_APPLY,
    TO_ASSIGN,
    TO_SETTLE,
)
from catalog.demand.words import DemandStatus
from policies.actions import Action
from shuqiao.i18n import _

_S = DemandStatus

FILE: Final = Step(
    name="file",
    to=(_S.FILED,),
    action=Action.DEMAND_FILE,
    by=(Seat(Role.APPLICANT), Seat(Role.REGISTRAR), Seat(Role.SHARING_HEAD)),
    event=Event.DEMAND_FILED,
    starts=Start(ASSIGNING),
    opens=TO_ASSIGN,
    label=_("File a demand"),
    effect=_(
        "It goes to the data administration, which names the department that answers; the one you "
        "propose may claim it at once."
    ),
    done=Done("filed", _("The demand is filed")),
)
CLAIM: Final = Step(
    name="claim",
    at=(_S.FILED,),
    to=(_S.CLAIMED,),
    action=Action.DEMAND_CLAIM,
    by=(HEAD,),
    event=Event.DEMAND_CLAIMED,
    starts=Start(ANSWERING),
    ends=(ASSIGNING,),
    opens=TO_ANSWER,
    tells=(Notice((FILER,), _("Demand %(no)s was claimed by %(department)s"), PAGE),),
    label=_("Claim the demand"),
    effect=_("Your department answers it, within the time that the platform sets."),
    done=Done("claimed", _("The demand is claimed")),
)
ASSIGN: Final = Step(
    name="assign",
    at=(_S.FILED, _S.CLAIMED),
    to=(_S.CLAIMED,),
    action=Action.DEMAND_ASSIGN,
    by=(ADMINISTRATION,),
    event=Event.DEMAND_ASSIGNED,
    starts=Start(ANSWERING),
    ends=(ASSIGNING, ANSWERING),
    tasks=Tasks.DONE,
    opens=TO_ANSWER,
    tells=(
        Notice((FILER,), _("Demand %(no)s is to be answered by %(department)s"), PAGE),
        Notice((REGISTRARS,), _("Your department is to answer demand %(no)s: “%(title)s”"), PAGE),
    ),
    label=_("Assign"),
    done=Done("assigned", _("The demand is assigned"), goes_on=True),
)
OFFER: Final = Step(
    name="offer",
    at=(_S.CLAIMED, _S.COLLECTING),
    to=(_S.ANSWERED,),
    action=Action.DEMAND_ANSWER,
    by=(HEAD,),
    event=Event.DEMAND_OFFERED,
    signs=("answerer_id",),
    starts=Start(APPLYING),
    ends=(ANSWERING,),
    opens=TO_APPLY,
    tells=(Notice((FILER,), _("Demand %(no)s is served by “%(entry)s”: apply for it"), PAGE),),
    label=_("Name the entry that serves it"),
    done=Done("offered", _("The demand is answered"), goes_on=True),
    tone="success",
)
PROMISE: Final = Step(
    name="promise",
    at=(_S.CLAIMED,),
    to=(_S.COLLECTING,),
    action=Action.DEMAND_ANSWER,
    by=(HEAD,),
    event=Event.DEMAND_PROMISED,
    signs=("answerer_id",),
    ends=(ANSWERING,),
    tells=(Notice((FILER,), _("The data of demand %(no)s will be collected by %(day)s"), PAGE),),
    label=_("Say by when it is collected"),
    done=Done("promised", _("The day is noted; the demand comes back to you then"), goes_on=True),
)
HAND_BACK: Final = Step(
    name="hand_back",
    at=(_S.CLAIMED,),
    to=(_S.FILED,),
    action=Action.DEMAND_ANSWER,
    by=(HEAD,),
    event=Event.DEMAND_HANDED_BACK,
    starts=Start(ASSIGNING),
    ends=(ANSWERING,),
    opens=TO_ASSIGN,
    tells=(
        Notice((FILER,), _("Demand %(no)s is not of %(department)s; it is assigned anew"), PAGE),
    ),
    label=_("Say that it is another department's"),
    done=Done("handed_back", _("The demand is back with the data administration"), goes_on=True),
    tone="warning",
)
REFUSE: Final = Step(
    name="refuse",
    at=(_S.CLAIMED, _S.COLLECTING),
    to=(_S.REFUSED,),
    action=Action.DEMAND_ANSWER,
    by=(HEAD,),
    event=Event.DEMAND_REFUSED,
    signs=("answerer_id",),
    starts=Start(OBJECTING),
    ends=(ANSWERING,),
    opens=TO_ACCEPT,
    tells=(
        Notice((FILER,), _("Demand %(no)s was refused, with its legal basis: “%(title)s”"), PAGE),
    ),
    label=_("Refuse on a legal basis"),
    done=Done("refused", _("The refusal is recorded with its basis"), goes_on=True),
    tone="danger",
)
#: The day that was promised is here: the department answers anew.
FALL_DUE: Final = Step(
    name="fall_due",
    at=(_S.COLLECTING,),
    to=(_S.CLAIMED,),
    event=Event.DEMAND_FELL_DUE,
    starts=Start(ANSWERING),
    tasks=Tasks.DROPPED,
    opens=TO_ANSWER,
    tells=(Notice((FILER, REGISTRARS), _("The day promised for demand %(no)s is here"), PAGE),),
    label=_("The day promised is here"),
    tone="warning",
)
CONTEST: Final = Step(
    name="contest",
    at=(_S.REFUSED,),
    to=(_S.CONTESTED,),
    action=Action.DEMAND_CONTEST,
    by=DEMANDERS,
    event=Event.DEMAND_CONTESTED,
    signs=("contester_id",),
    starts=Start(MEDIATING),
    ends=(OBJECTING,),
    opens=TO_SETTLE,
    tells=(Notice((HEAD,), _("The refusal of demand %(no)s is contested"), PAGE),),
    label=_("Contest the refusal"),
    effect=_(
        "The data administration mediates between both sides; what it cannot settle the government "
        "of the same level decides (Order 809, Art. 28)."
    ),
    done=Done("contested", _("The refusal is contested")),
    tone="warning",
)
UPHOLD: Final = Step(
    name="uphold",
    at=(_S.CONTESTED,),
    to=(_S.UNMET,),
    action=Action.DEMAND_SETTLE,
    by=(ADMINISTRATION,),
    event=Event.DEMAND_UPHELD,
    ends=(MEDIATING,),
    tells=(Notice((FILER, HEAD), _("After mediation the refusal of demand %(no)s stands"), PAGE),),
    label=_("Let the refusal stand"),
    done=Done("upheld", _("The refusal stands"), goes_on=True),
    tone="danger",
)
SEND_BACK: Final = Step(
    name="send_back",
    at=(_S.CONTESTED,),
    to=(_S.CLAIMED,),
    action=Action.DEMAND_SETTLE,
    by=(ADMINISTRATION,),
    event=Event.DEMAND_SENT_BACK,
    starts=Start(ANSWERING),
    ends=(MEDIATING,),
    opens=TO_ANSWER,
    tells=(Notice((FILER,), _("After mediation demand %(no)s is answered anew"), PAGE),),
    label=_("Have it answered anew"),
    done=Done("sent_back", _("The department answers anew"), goes_on=True),
)
