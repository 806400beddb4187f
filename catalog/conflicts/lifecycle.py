"""The life of a source conflict, as one table.

Order 809, Art. 19 leaves the naming to the data administration; it knows no dispute about it (Art.
28 is about the sharing of data). The hearing, its clocks and the one review (复核) are set by the
platform (平台约定).
"""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import JUDGE, OPENER, RIVAL, Done, Lifecycle, Notice, Seat, Start, Step, Tasks, Todo
from catalog.conflicts.words import ConflictStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _, pgettext

_S = ConflictStatus

STATING: Final = Clock.SOURCE_STATEMENT.value
DECIDING: Final = Clock.SOURCE_CONFLICT.value
REVIEWING: Final = Clock.SOURCE_REVIEW.value
SUPERIOR: Final = Clock.SOURCE_SUPERIOR.value
PAGE: Final = "/source-conflicts/{no}"

_ACTORS: Final = "actor_ids"
_OPENER: Final = Seat(Role.SHARING_HEAD, OPENER)
_RIVAL: Final = Seat(Role.SHARING_HEAD, RIVAL)
_SIDES: Final = (_OPENER, _RIVAL)
_REGISTRARS: Final = (Seat(Role.REGISTRAR, OPENER), Seat(Role.REGISTRAR, RIVAL))
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)
#: That of the level and area which decides.
_JUDGE: Final = Seat(Role.DATA_ADMIN, JUDGE)

_STATE_TODO: Final = Todo(
    kind="state_source_conflict",
    seat=_RIVAL,
    what=_("Say why your department is the source of “%(name)s” (%(no)s)"),
    page=PAGE,
    short=_("State your side"),
    clock=STATING,
)
DECIDE_TODO: Final = Todo(
    kind="decide_source_conflict",
    seat=_JUDGE,
    what=_("Decide which department is the source of “%(name)s” (%(no)s)"),
    page=PAGE,
    short=_("Decide the source conflict"),
    clock=DECIDING,
)
#: Whom the platform does not have, decides elsewhere.
REFER_TODO: Final = Todo(
    kind="refer_source_conflict",
    seat=ADMINISTRATION,
    what=_(
        "Bring the source conflict about “%(name)s” (%(no)s) before the superior administration"
    ),
    page=PAGE,
    short=_("Bring it before the superior administration"),
    clock=DECIDING,
)
_RECORD_TODO: Final = Todo(
    kind="record_superior_decision",
    seat=ADMINISTRATION,
    what=_("Record what the superior administration decided about “%(name)s” (%(no)s)"),
    page=PAGE,
    short=_("Record its decision"),
    clock=SUPERIOR,
)
REVIEW_TODO: Final = Todo(
    kind="review_source_conflict",
    seat=_JUDGE,
    what=_("Review the decision on the source of “%(name)s” (%(no)s); not who made it"),
    page=PAGE,
    short=_("Review the decision"),
    clock=REVIEWING,
)

OPEN: Final = Step(
    name="open",
    to=(_S.OPENED,),
    action=Action.CONFLICT_OPEN,
    by=(Seat(Role.REGISTRAR), Seat(Role.SHARING_HEAD)),
    event=Event.CONFLICT_OPENED,
    signs=(_ACTORS,),
    starts=Start(STATING),
    opens=_STATE_TODO,
    tells=(
        Notice((_RIVAL, _REGISTRARS[1]), _("The source of “%(name)s” is disputed: %(no)s"), PAGE),
    ),
    label=_("Open a source conflict"),
    effect=_(
        "Your department claims to be the source. The other one has its say, then the data "
        "administration decides."
    ),
    done=Done("opened", _("The source conflict is open")),
)
STATE: Final = Step(
    name="state",
    at=(_S.OPENED,),
    to=(_S.HEARD,),
    action=Action.CONFLICT_STATE,
    by=(_RIVAL,),
    event=Event.CONFLICT_STATED,
    signs=(_ACTORS,),
    starts=Start(DECIDING),
    ends=(STATING,),
    opens=DECIDE_TODO,
    label=_("State the own side"),
    done=Done("stated", _("Your statement is with the data administration"), goes_on=True),
)
#: Silence agrees to nothing: the decision is made on what there is.
CLOSE_HEARING: Final = Step(
    name="close_hearing",
    at=(_S.OPENED,),
    to=(_S.HEARD,),
    event=Event.CONFLICT_SILENT,
    starts=Start(DECIDING),
    ends=(STATING,),
    tasks=Tasks.DROPPED,
    opens=DECIDE_TODO,
    label=_("The other side said nothing in time"),
    tone="warning",
)
ATTACH_OPINION: Final = Step(
    name="attach_opinion",
    at=(_S.OPENED, _S.HEARD, _S.REFERRED, _S.REVIEWING),
    action=Action.CONFLICT_DECIDE,
    by=(_JUDGE,),
    event=Event.CONFLICT_OPINION,
    tasks=Tasks.KEPT,
    has_change=False,
    label=_("Attach the opinion of the establishment office"),
    done=Done("opinion", _("The opinion is attached")),
)
#: Its outcome here; what is decided there is recorded as the decision.
REFER: Final = Step(
    name="refer",
    at=(_S.HEARD,),
    to=(_S.REFERRED,),
    action=Action.CONFLICT_REFER,
    by=(ADMINISTRATION,),
    event=Event.CONFLICT_REFERRED,
    signs=("referrer_id",),
    starts=Start(SUPERIOR),
    ends=(DECIDING,),
    opens=_RECORD_TODO,
    tells=(
        Notice(
            (*_SIDES, *_REGISTRARS),
            _("The source conflict about “%(name)s” was brought before %(to)s (%(no)s)"),
            PAGE,
        ),
    ),
    label=_("Bring it before the superior administration"),
    done=Done("referred", _("It is brought before the superior administration")),
)
DECIDE: Final = Step(
    name="decide",
    at=(_S.HEARD, _S.REFERRED),
    to=(_S.DECIDED,),
    action=Action.CONFLICT_DECIDE,
    by=(_JUDGE,),
    event=Event.CONFLICT_DECIDED,
    signs=("decider_id",),
    ends=(DECIDING, SUPERIOR),
    tells=(
        Notice(
            (*_SIDES, *_REGISTRARS),
            _("The source of “%(name)s” is %(source)s (%(no)s); a review may be asked for once"),
            PAGE,
        ),
    ),
    label=_("Decide"),
    effect=_(
        "From today the department that you name is the source; the claim of the other one ends."
    ),
    done=Done("decided", _("The source conflict is decided"), goes_on=True),
    tone="success",
)
WITHDRAW: Final = Step(
    name="withdraw",
    at=(_S.OPENED, _S.HEARD, _S.REFERRED),
    to=(_S.WITHDRAWN,),
    action=Action.CONFLICT_WITHDRAW,
    by=(_OPENER,),
    event=Event.CONFLICT_WITHDRAWN,
    ends=(STATING, DECIDING, SUPERIOR),
    tasks=Tasks.DROPPED,
    tells=(Notice((_RIVAL,), _("The dispute about “%(name)s” was withdrawn: %(no)s"), PAGE),),
    label=pgettext("source conflict", "Withdraw"),
    effect=_("The claim of your department is withdrawn with it."),
    done=Done("withdrawn", _("The source conflict is withdrawn")),
    tone="warning",
)
#: What befell it: the two sides became one department, or the element ended.
LAPSE: Final = Step(
    name="lapse",
    at=(_S.OPENED, _S.HEARD, _S.REFERRED, _S.REVIEWING),
    to=(_S.WITHDRAWN,),
    event=Event.CONFLICT_LAPSED,
    ends=(STATING, DECIDING, SUPERIOR, REVIEWING),
    tasks=Tasks.DROPPED,
    tells=(
        Notice(
            (*_SIDES, *_REGISTRARS),
            _("The source conflict about “%(name)s” fell away: %(cause)s"),
            PAGE,
        ),
    ),
    label=_("Note that the source conflict fell away"),
    tone="neutral",
)
ASK_REVIEW: Final = Step(
    name="ask_review",
    at=(_S.DECIDED,),
    to=(_S.REVIEWING,),
    action=Action.CONFLICT_ASK_REVIEW,
    by=_SIDES,
    event=Event.CONFLICT_REVIEW_ASKED,
    signs=(_ACTORS,),
    starts=Start(REVIEWING),
    opens=REVIEW_TODO,
    tells=(Notice(_SIDES, _("A review of %(no)s was asked for: “%(name)s”"), PAGE),),
    label=_("Ask for a review"),
    effect=_(
        "Once, within the time that the platform sets. Another person of the data administration "
        "decides; until then what was decided stands."
    ),
    done=Done("review_asked", _("The review is asked for")),
)
REVIEW: Final = Step(
    name="review",
    at=(_S.REVIEWING,),
    to=(_S.UPHELD, _S.CHANGED),
    action=Action.CONFLICT_REVIEW,
    by=(_JUDGE,),
    event={_S.UPHELD: Event.CONFLICT_UPHELD, _S.CHANGED: Event.CONFLICT_CHANGED},
    signs=("reviewer_id",),
    ends=(REVIEWING,),
    tells=(
        Notice(
            (*_SIDES, *_REGISTRARS),
            _("After review the source of “%(name)s” is %(source)s (%(no)s)"),
            PAGE,
        ),
    ),
    label=_("Decide on the review"),
    done=Done("reviewed", _("The review is decided"), goes_on=True),
    tone={_S.UPHELD: "success", _S.CHANGED: "warning"},
)
LIFECYCLE: Final[Lifecycle[ConflictStatus]] = Lifecycle(
    _("Source conflict"),
    (
        OPEN,
        STATE,
        CLOSE_HEARING,
        ATTACH_OPINION,
        REFER,
        DECIDE,
        WITHDRAW,
        LAPSE,
        ASK_REVIEW,
        REVIEW,
    ),
    steady=(_S.DECIDED,),
)
