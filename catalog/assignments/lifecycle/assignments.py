"""The life of an assignment (认领与填报): made, answered, settled; what is claimed is moved on by
facts of the catalogue, never by a word that somebody types. All limits are the platform's own.
"""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import CONCERNED, Done, Lifecycle, Notice, Seat, Start, Step, Tasks, Todo
from catalog.assignments.words import AssignmentStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _, pgettext

_S = AssignmentStatus

CLAIMING: Final = Clock.LINE_CLAIM.value
SETTLING: Final = Clock.CLAIM_SETTLING.value
REGISTERING: Final = Clock.FILL_REGISTRATION.value
PUBLISHING: Final = Clock.FILL_PUBLICATION.value
ATTACHING: Final = Clock.FILL_DATA.value
_FILLING: Final = (REGISTERING, PUBLISHING, ATTACHING)
PAGE: Final = "/assignments/{no}"

ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)
REGISTRAR: Final = Seat(Role.REGISTRAR, CONCERNED)
_HEAD: Final = Seat(Role.DEPARTMENT_HEAD, CONCERNED)
_ANSWERABLE: Final = (_S.OPEN, _S.UNANSWERED)
_HELD: Final = (_S.PARTLY, _S.CLAIMED, _S.REGISTERED, _S.PUBLISHED, _S.WITH_DATA)

_ANSWER_TODO: Final = Todo(
    kind="claim_line",
    seat=REGISTRAR,
    what=_("Claim “%(title)s” for your department, or say why not (%(no)s)"),
    page=PAGE,
    short=_("Claim an expected entry"),
    clock=CLAIMING,
)
_SETTLE_TODO: Final = Todo(
    kind="settle_claim",
    seat=ADMINISTRATION,
    what=_("Assign “%(title)s” again, or accept that it is not claimed (%(no)s)"),
    page=PAGE,
    short=_("Settle what is not claimed"),
    clock=SETTLING,
)
_REST_TODO: Final = Todo(
    kind="settle_rest",
    seat=ADMINISTRATION,
    what=_("Assign the remaining part of “%(title)s” (%(no)s)"),
    page=PAGE,
    short=_("Assign the remaining part"),
    clock=SETTLING,
)
_REGISTER_TODO: Final = Todo(
    kind="fill_registration",
    seat=REGISTRAR,
    what=_("Register the entry for “%(title)s”, which you have claimed (%(no)s)"),
    page=PAGE,
    short=_("Register a claimed entry"),
    clock=REGISTERING,
)
_PUBLISH_TODO: Final = Todo(
    kind="fill_publication",
    seat=REGISTRAR,
    what=_("Bring the entry for “%(title)s” to publication (%(no)s)"),
    page=PAGE,
    short=_("Bring a claimed entry to publication"),
    clock=PUBLISHING,
)
_DATA_TODO: Final = Todo(
    kind="fill_data",
    seat=REGISTRAR,
    what=_("Attach data to the entry for “%(title)s” (%(no)s)"),
    page=PAGE,
    short=_("Attach data to a claimed entry"),
    clock=ATTACHING,
)

ASSIGN: Final = Step(
    name="assign",
    to=(_S.OPEN,),
    action=Action.ASSIGNMENT_SETTLE,
    by=(ADMINISTRATION,),
    event=Event.ASSIGNMENT_MADE,
    starts=Start(CLAIMING, is_due_told=True),
    opens=_ANSWER_TODO,
    label=_("Assign a line to a department"),
    done=Done("assigned", _("The line is assigned")),
)
CLAIM: Final = Step(
    name="claim",
    at=_ANSWERABLE,
    to=(_S.CLAIMED,),
    action=Action.ASSIGNMENT_ANSWER,
    by=(REGISTRAR,),
    event=Event.ASSIGNMENT_CLAIMED,
    signs=("answered_by",),
    starts=Start(REGISTERING, is_due_told=True),
    ends=(CLAIMING, SETTLING),
    opens=_REGISTER_TODO,
    label=pgettext("assignment", "Claim"),
    done=Done("claimed", _("Your department has claimed it; the entry comes next")),
    tone="success",
)
#: The rest goes to another department; the entry can be begun meanwhile.
CLAIM_PARTLY: Final = Step(
    name="claim_partly",
    at=_ANSWERABLE,
    to=(_S.PARTLY,),
    action=Action.ASSIGNMENT_ANSWER,
    by=(REGISTRAR,),
    event=Event.ASSIGNMENT_CLAIMED_PARTLY,
    signs=("answered_by",),
    starts=Start(SETTLING, goes_on=True),
    ends=(CLAIMING,),
    opens=_REST_TODO,
    label=pgettext("assignment", "Claim in part"),
    effect=_("The data administration assigns the remaining part."),
    done=Done("claimed_partly", _("Your department has claimed its part")),
)
REFUSE: Final = Step(
    name="refuse",
    at=_ANSWERABLE,
    to=(_S.REFUSED,),
    action=Action.ASSIGNMENT_ANSWER,
    by=(REGISTRAR,),
    event=Event.ASSIGNMENT_REFUSED,
    signs=("answered_by",),
    starts=Start(SETTLING, goes_on=True),
    ends=(CLAIMING,),
    opens=_SETTLE_TODO,
    label=pgettext("assignment", "Do not claim"),
    effect=_("It goes back to the data administration, which assigns it again or accepts it."),
    done=Done("refused", _("Your answer is with the data administration")),
    tone="warning",
)
#: Silence claims nothing: it is named, and passed on. The department can still answer.
MISS: Final = Step(
    name="miss",
    at=(_S.OPEN,),
    to=(_S.UNANSWERED,),
    event=Event.ASSIGNMENT_UNANSWERED,
    starts=Start(SETTLING),
    tasks=Tasks.KEPT,
    opens=_SETTLE_TODO,
    tells=(Notice((REGISTRAR, _HEAD), _("“%(title)s” (%(no)s) was not answered in time"), PAGE),),
    label=_("The department said nothing in time"),
    tone="danger",
)
REASSIGN: Final = Step(
    name="reassign",
    at=(_S.REFUSED, _S.UNANSWERED),
    to=(_S.REASSIGNED,),
    action=Action.ASSIGNMENT_SETTLE,
    by=(ADMINISTRATION,),
    event=Event.ASSIGNMENT_REASSIGNED,
    signs=("settled_by",),
    ends=(CLAIMING, SETTLING),
    tells=(Notice((REGISTRAR,), _("“%(title)s” (%(no)s) went to another department"), PAGE),),
    label=_("Assign it to another department"),
    done=Done("reassigned", _("It is assigned to the other department"), goes_on=True),
)
ACCEPT: Final = Step(
    name="accept",
    at=(_S.REFUSED,),
    to=(_S.ACCEPTED,),
    action=Action.ASSIGNMENT_SETTLE,
    by=(ADMINISTRATION,),
    event=Event.ASSIGNMENT_ACCEPTED,
    signs=("settled_by",),
    ends=(SETTLING,),
    tells=(Notice((REGISTRAR,), _("That “%(title)s” (%(no)s) is not yours is accepted"), PAGE),),
    label=_("Accept that it is not claimed"),
    effect=_("If nobody else holds the line, it is named as a gap."),
    done=Done("accepted", _("The refusal is accepted"), goes_on=True),
)
SETTLE_REST: Final = Step(
    name="settle_rest",
    at=(_S.PARTLY,),
    to=(_S.CLAIMED,),
    action=Action.ASSIGNMENT_SETTLE,
    by=(ADMINISTRATION,),
    event=Event.ASSIGNMENT_REST_SETTLED,
    signs=("settled_by",),
    starts=Start(REGISTERING, is_due_told=True),
    ends=(SETTLING,),
    opens=_REGISTER_TODO,
    label=_("Settle the remaining part"),
    done=Done("rest_settled", _("The remaining part is settled"), goes_on=True),
)
TAKE_BACK: Final = Step(
    name="take_back",
    at=_ANSWERABLE,
    to=(_S.WITHDRAWN,),
    action=Action.ASSIGNMENT_SETTLE,
    by=(ADMINISTRATION,),
    event=Event.ASSIGNMENT_WITHDRAWN,
    signs=("settled_by",),
    ends=(CLAIMING, SETTLING),
    tasks=Tasks.DROPPED,
    tells=(Notice((REGISTRAR,), _("“%(title)s” (%(no)s) is not asked of you any more"), PAGE),),
    label=_("Take the assignment back"),
    effect=_("If nobody else holds the line, it is named as a gap."),
    done=Done("taken_back", _("The assignment is taken back"), goes_on=True),
    tone="warning",
)
#: The template is closed, and the department has not answered (应领未领).
LAPSE: Final = Step(
    name="lapse",
    at=_ANSWERABLE,
    to=(_S.LAPSED,),
    event=Event.ASSIGNMENT_LAPSED,
    ends=(CLAIMING, SETTLING),
    tasks=Tasks.DROPPED,
    label=_("The template was closed without an answer"),
    tone="danger",
)
DESCRIBE: Final = Step(
    name="describe",
    at=_HELD,
    action=Action.ASSIGNMENT_FILL,
    by=(REGISTRAR,),
    event=Event.ASSIGNMENT_DESCRIBED,
    has_change=False,
    tasks=Tasks.KEPT,
    label=_("Say duty, matter, system and table"),
    done=Done("described", _("Duty, matter, system and table are kept")),
)
BIND: Final = Step(
    name="bind",
    at=_HELD,
    action=Action.ASSIGNMENT_FILL,
    by=(REGISTRAR,),
    event=Event.ASSIGNMENT_BOUND,
    has_change=False,
    tasks=Tasks.KEPT,
    label=_("Name the entry"),
    done=Done("bound", _("The entry is named; from now on its own way counts")),
)
#: The entry is gone: a draft that was thrown away, or one that was taken down.
LOSE_ENTRY: Final = Step(
    name="lose_entry",
    at=(_S.REGISTERED, _S.PUBLISHED, _S.WITH_DATA),
    to=(_S.CLAIMED,),
    event=Event.ASSIGNMENT_ENTRY_LOST,
    starts=Start(REGISTERING),
    ends=_FILLING,
    tasks=Tasks.DROPPED,
    opens=_REGISTER_TODO,
    tells=(Notice((REGISTRAR,), _("“%(title)s” (%(no)s) has no entry any more"), PAGE),),
    label=_("The entry is gone"),
    tone="warning",
)
NOTE_ENTRY: Final = Step(
    name="note_entry",
    at=(_S.CLAIMED, _S.PUBLISHED, _S.WITH_DATA),
    to=(_S.REGISTERED,),
    event=Event.ASSIGNMENT_REGISTERED,
    starts=Start(PUBLISHING),
    ends=_FILLING,
    opens=_PUBLISH_TODO,
    label=_("The entry is under way"),
)
NOTE_PUBLISHED: Final = Step(
    name="note_published",
    at=(_S.CLAIMED, _S.REGISTERED, _S.WITH_DATA),
    to=(_S.PUBLISHED,),
    event=Event.ASSIGNMENT_PUBLISHED,
    starts=Start(ATTACHING),
    ends=_FILLING,
    opens=_DATA_TODO,
    label=_("The entry is published"),
    tone="success",
)
NOTE_DATA: Final = Step(
    name="note_data",
    at=(_S.CLAIMED, _S.REGISTERED, _S.PUBLISHED),
    to=(_S.WITH_DATA,),
    event=Event.ASSIGNMENT_WITH_DATA,
    ends=_FILLING,
    label=_("The entry has data"),
    tone="success",
)
#: The step that a fact of the catalogue causes.
FACTS: Final = {
    _S.CLAIMED: LOSE_ENTRY,
    _S.REGISTERED: NOTE_ENTRY,
    _S.PUBLISHED: NOTE_PUBLISHED,
    _S.WITH_DATA: NOTE_DATA,
}
_SETTLED: Final = (REASSIGN, ACCEPT, SETTLE_REST, TAKE_BACK, LAPSE)
ASSIGNMENT: Final[Lifecycle[AssignmentStatus]] = Lifecycle(
    _("Assignment"),
    (ASSIGN, CLAIM, CLAIM_PARTLY, REFUSE, MISS, *_SETTLED, DESCRIBE, BIND, *FACTS.values()),
    steady=(_S.WITH_DATA,),
)
