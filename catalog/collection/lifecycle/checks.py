"""The life of a check before collecting (采集前核查) as one table."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import OWNER, Done, Lifecycle, Seat, Step, Tasks
from catalog.collection.words import CheckStatus
from policies.actions import Action
from shuqiao.i18n import _

_S = CheckStatus
_OWN: Final = (Seat(Role.REGISTRAR, OWNER), Seat(Role.APPLICANT, OWNER))

MAKE: Final = Step(
    name="make",
    to=(_S.OPEN,),
    action=Action.COLLECTION_MAKE,
    by=(Seat(Role.REGISTRAR), Seat(Role.APPLICANT)),
    event=Event.COLLECTION_CHECKED,
    tasks=Tasks.KEPT,
    label=_("Check fields before collecting"),
    done=Done("made", _("The fields are checked; look at each answer")),
)
CORRECT: Final = Step(
    name="correct",
    at=(_S.OPEN,),
    to=(_S.OPEN,),
    action=Action.COLLECTION_EDIT,
    by=_OWN,
    event=Event.COLLECTION_CORRECTED,
    tasks=Tasks.KEPT,
    label=_("Correct an answer"),
    done=Done("corrected", _("The answer is corrected")),
)
CONCLUDE: Final = Step(
    name="conclude",
    at=(_S.OPEN,),
    to=(_S.CONCLUDED,),
    action=Action.COLLECTION_EDIT,
    by=_OWN,
    event=Event.COLLECTION_CONCLUDED,
    tasks=Tasks.KEPT,
    label=_("Conclude the check"),
    effect=_("The opinion stays as it is and can be printed."),
    done=Done("concluded", _("The check is concluded; the opinion can be printed")),
    tone="success",
)

LIFECYCLE: Final[Lifecycle[CheckStatus]] = Lifecycle(
    _("Check before collecting"), (MAKE, CORRECT, CONCLUDE), steady=(_S.OPEN,)
)
