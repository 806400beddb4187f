"""The life of a contest of a basis (申请复核) as one table; set by the platform (平台约定)."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import CONCERNED, OPENER, Done, Lifecycle, Notice, Seat, Start, Step, Tasks, Todo
from catalog.negative.words import ContestStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = ContestStatus

ANSWERING: Final = Clock.NEGATIVE_ANSWER.value
DECIDING: Final = Clock.NEGATIVE_CONTEST.value
CHANGING: Final = Clock.NEGATIVE_CHANGE.value
PAGE: Final = "/negative-contests/{no}"

_OPENER: Final = Seat(Role.SHARING_HEAD, OPENER)
_OWNER: Final = Seat(Role.SHARING_HEAD, CONCERNED)
_REGISTRAR: Final = Seat(Role.REGISTRAR, CONCERNED)
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)

_ANSWER_TODO: Final = Todo(
    kind="answer_contest",
    seat=_OWNER,
    what=_("Answer for the basis of the negative entry %(entry)s (%(no)s)"),
    page=PAGE,
    short=_("Answer for the basis"),
    clock=ANSWERING,
)
_DECIDE_TODO: Final = Todo(
    kind="decide_contest",
    seat=ADMINISTRATION,
    what=_("Decide on the contested basis of the negative entry %(entry)s (%(no)s)"),
    page=PAGE,
    short=_("Decide on the contested basis"),
    clock=DECIDING,
)
_CHANGE_TODO: Final = Todo(
    kind="change_contested",
    seat=_REGISTRAR,
    what=_("Change the negative entry %(entry)s, as decided in %(no)s"),
    page=PAGE,
    short=_("Change the negative entry"),
    clock=CHANGING,
)

RAISE: Final = Step(
    name="raise",
    to=(_S.RAISED,),
    action=Action.NEGATIVE_CONTEST,
    by=(Seat(Role.SHARING_HEAD),),
    event=Event.CONTEST_RAISED,
    starts=Start(ANSWERING),
    opens=_ANSWER_TODO,
    tells=(Notice((_REGISTRAR,), _("The basis of %(entry)s is contested: %(no)s"), PAGE),),
    label=_("Contest the basis"),
    effect=_("The owner answers, then the data administration decides; until then the entry acts."),
    done=Done("raised", _("The basis is contested")),
)
ANSWER: Final = Step(
    name="answer",
    at=(_S.RAISED,),
    to=(_S.ANSWERED,),
    action=Action.CONTEST_ANSWER,
    by=(_OWNER,),
    event=Event.CONTEST_ANSWERED,
    signs=("answerer_id",),
    starts=Start(DECIDING),
    ends=(ANSWERING,),
    opens=_DECIDE_TODO,
    label=_("Answer"),
    done=Done("answered", _("Your answer is with the data administration"), goes_on=True),
)
#: Silence agrees to nothing: the decision is made on what there is.
CLOSE_ANSWERING: Final = Step(
    name="close_answering",
    at=(_S.RAISED,),
    to=(_S.ANSWERED,),
    event=Event.CONTEST_SILENT,
    starts=Start(DECIDING),
    ends=(ANSWERING,),
    tasks=Tasks.DROPPED,
    opens=_DECIDE_TODO,
    label=_("The owner did not answer in time"),
    tone="warning",
)
UPHOLD: Final = Step(
    name="uphold",
    at=(_S.ANSWERED,),
    to=(_S.UPHELD,),
    action=Action.CONTEST_DECIDE,
    by=(ADMINISTRATION,),
    event=Event.CONTEST_UPHELD,
    signs=("decider_id",),
    ends=(DECIDING,),
    tells=(
        Notice((_OPENER, _OWNER, _REGISTRAR), _("The basis of %(entry)s is upheld: %(no)s"), PAGE),
    ),
    label=_("Uphold the basis"),
    done=Done("upheld", _("The basis is upheld"), goes_on=True),
)
HAVE_CHANGED: Final = Step(
    name="have_changed",
    at=(_S.ANSWERED,),
    to=(_S.TO_CHANGE,),
    action=Action.CONTEST_DECIDE,
    by=(ADMINISTRATION,),
    event=Event.CONTEST_TO_CHANGE,
    signs=("decider_id",),
    starts=Start(CHANGING),
    ends=(DECIDING,),
    opens=_CHANGE_TODO,
    tells=(
        Notice((_OPENER, _OWNER), _("The negative entry %(entry)s is to be changed: %(no)s"), PAGE),
    ),
    label=_("Have the entry changed"),
    done=Done("to_change", _("The entry is to be changed"), goes_on=True),
    tone="warning",
)
#: The entry is superseded, or acts no more.
CHANGE: Final = Step(
    name="change",
    at=(_S.TO_CHANGE,),
    to=(_S.CHANGED,),
    event=Event.CONTEST_CHANGED,
    ends=(CHANGING,),
    tasks=Tasks.DROPPED,
    tells=(Notice((_OPENER,), _("The negative entry %(entry)s was changed: %(no)s"), PAGE),),
    label=_("The entry was changed"),
    tone="success",
)
#: Both sides have become one department.
LAPSE: Final = Step(
    name="lapse",
    at=(_S.RAISED, _S.ANSWERED),
    to=(_S.LAPSED,),
    event=Event.CONTEST_LAPSED,
    ends=(ANSWERING, DECIDING),
    tasks=Tasks.DROPPED,
    label=_("Both sides have become one"),
)
CONTESTS: Final[Lifecycle[ContestStatus]] = Lifecycle(
    _("Contest of a basis"), (RAISE, ANSWER, CLOSE_ANSWERING, UPHOLD, HAVE_CHANGED, CHANGE, LAPSE)
)
