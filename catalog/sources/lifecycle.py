"""The life of a source claim (数源认领) and of its countersignings, as two tables (Art. 19)."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import CONCERNED, JUDGE, Done, Lifecycle, Notice, Seat, Start, Step, Tasks, Todo
from catalog.sources.words import ClaimStatus, CountersignStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _, pgettext

_S = ClaimStatus
_C = CountersignStatus

NAMING: Final = Clock.SOURCE_NAMING.value
COUNTERSIGNING: Final = Clock.SOURCE_COUNTERSIGN.value
PAGE: Final = "/source-claims/{no}"

REGISTRAR: Final = Seat(Role.REGISTRAR, CONCERNED)
SHARING_HEAD: Final = Seat(Role.SHARING_HEAD, CONCERNED)
ANY_REGISTRAR: Final = Seat(Role.REGISTRAR)
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)
#: That of the level and area which decides.
_JUDGE: Final = Seat(Role.DATA_ADMIN, JUDGE)
_OPEN: Final = (_S.PROPOSED, _S.COUNTERSIGNING)

NAME_TODO: Final = Todo(
    kind="name_source",
    seat=_JUDGE,
    what=_("Decide on the source of “%(name)s” (%(no)s)"),
    page=PAGE,
    short=_("Name the source"),
    clock=NAMING,
)
_COUNTERSIGN_TODO: Final = Todo(
    kind="countersign_source",
    seat=SHARING_HEAD,
    what=_("Countersign the source of “%(name)s” (%(no)s): agree, or object with reasons"),
    page=PAGE,
    short=_("Countersign the source"),
    clock=COUNTERSIGNING,
)

PROPOSE: Final = Step(
    name="propose",
    to=(_S.PROPOSED,),
    action=Action.SOURCE_CLAIM,
    by=(ANY_REGISTRAR, ADMINISTRATION),
    event=Event.SOURCE_CLAIMED,
    starts=Start(NAMING),
    opens=NAME_TODO,
    label=_("Claim to be the source"),
    effect=_(
        "Where other departments collect the element as well, they are asked to countersign; then "
        "the data administration names the source."
    ),
    done=Done("claimed", _("The claim is recorded; the data administration decides on it")),
)
#: Once for whoever collects the element; again for those that came along since.
ASK: Final = Step(
    name="ask",
    at=_OPEN,
    to=(_S.COUNTERSIGNING,),
    action=Action.SOURCE_NAME,
    by=(_JUDGE,),
    event=Event.SOURCE_COUNTERSIGN_ASKED,
    tasks=Tasks.KEPT,
    opens=NAME_TODO,
    label=_("Ask the collecting departments to countersign"),
    done=Done("asked", _("The departments that collect the element have been asked")),
)
CONFIRM: Final = Step(
    name="confirm",
    at=_OPEN,
    to=(_S.CONFIRMED,),
    action=Action.SOURCE_NAME,
    by=(_JUDGE,),
    event=Event.SOURCE_CONFIRMED,
    ends=(NAMING,),
    tells=(
        Notice(
            (REGISTRAR, SHARING_HEAD), _("Your department is now the source of “%(name)s”"), PAGE
        ),
    ),
    label=_("Name the source"),
    effect=_("From today this department is the only source for these objects and this area."),
    done=Done("confirmed", _("The source is named"), goes_on=True),
    tone="success",
)
#: The act that replaced another element says so: named there, it is the source here.
CARRY: Final = Step(
    name="carry",
    to=(_S.CONFIRMED,),
    event=Event.SOURCE_CARRIED,
    tells=(
        Notice(
            (REGISTRAR, SHARING_HEAD), _("Your department is now the source of “%(name)s”"), PAGE
        ),
    ),
    label=_("Let the source go over to the replacing element"),
    tone="success",
)
REFUSE: Final = Step(
    name="refuse",
    at=_OPEN,
    to=(_S.REFUSED,),
    action=Action.SOURCE_NAME,
    by=(_JUDGE,),
    event=Event.SOURCE_REFUSED,
    ends=(NAMING,),
    tells=(
        Notice((REGISTRAR,), _("The claim to be the source of “%(name)s” was not confirmed"), PAGE),
    ),
    label=pgettext("source claim", "Do not confirm"),
    done=Done("refused", _("The claim is not confirmed"), goes_on=True),
    tone="warning",
)
WITHDRAW: Final = Step(
    name="withdraw",
    at=_OPEN,
    to=(_S.WITHDRAWN,),
    action=Action.SOURCE_WITHDRAW,
    by=(REGISTRAR, _JUDGE),
    event=Event.SOURCE_WITHDRAWN,
    ends=(NAMING,),
    tasks=Tasks.DROPPED,
    label=pgettext("source claim", "Withdraw the claim"),
    done=Done("withdrawn", _("The claim is withdrawn")),
)
#: What befell it: its element ended, or its department has the source already.
LAPSE: Final = Step(
    name="lapse",
    at=_OPEN,
    to=(_S.WITHDRAWN,),
    event=Event.SOURCE_LAPSED,
    ends=(NAMING,),
    tasks=Tasks.DROPPED,
    tells=(
        Notice(
            (REGISTRAR,),
            _("The claim to be the source of “%(name)s” fell away: %(cause)s"),
            PAGE,
        ),
    ),
    label=_("Note that the claim fell away"),
    tone="neutral",
)
EXCEPT: Final = Step(
    name="except",
    at=(*_OPEN, _S.CONFIRMED),
    action=Action.SOURCE_EXCEPT,
    by=(_JUDGE,),
    event=Event.SOURCE_EXCEPTED,
    tasks=Tasks.KEPT,
    has_change=False,
    label=_("Record an exception for an area below"),
    effect=_("In that area another department can be named as the source from now on."),
    done=Done("excepted", _("The exception is recorded")),
)
#: The day on which it ends is the one on which the next begins.
RE_ASSIGN: Final = Step(
    name="re_assign",
    at=(_S.CONFIRMED,),
    to=(_S.RE_ASSIGNED,),
    action=Action.SOURCE_NAME,
    by=(_JUDGE,),
    event=Event.SOURCE_RE_ASSIGNED,
    tells=(
        Notice(
            (REGISTRAR, SHARING_HEAD),
            _("Your department is no longer the source of “%(name)s”: %(successor)s is"),
            PAGE,
        ),
    ),
    label=_("Give the element to another source"),
    tone="warning",
)
END: Final = Step(
    name="end",
    at=(_S.CONFIRMED,),
    to=(_S.ENDED,),
    action=Action.SOURCE_END,
    by=(_JUDGE,),
    event=Event.SOURCE_ENDED,
    tells=(
        Notice(
            (REGISTRAR, SHARING_HEAD),
            _("Your department is no longer the source of “%(name)s”"),
            PAGE,
        ),
    ),
    label=_("End without another source"),
    effect=_("From today the element has no source for these objects and this area."),
    done=Done("ended", _("The source is ended")),
    tone="warning",
)
CLAIM: Final[Lifecycle[ClaimStatus]] = Lifecycle(
    _("Source claim"),
    (PROPOSE, ASK, CONFIRM, CARRY, REFUSE, WITHDRAW, LAPSE, EXCEPT, RE_ASSIGN, END),
    steady=(_S.CONFIRMED,),
)

ASK_ONE: Final = Step(
    name="ask",
    to=(_C.ASKED,),
    event=Event.SOURCE_COUNTERSIGN_ASKED,
    starts=Start(COUNTERSIGNING),
    opens=_COUNTERSIGN_TODO,
    label=_("Ask a department to countersign"),
)
#: Silence agrees to nothing: what is overdue is passed on, and the decision says who was silent.
AGREE: Final = Step(
    name="agree",
    at=(_C.ASKED,),
    to=(_C.AGREED,),
    action=Action.SOURCE_COUNTERSIGN,
    by=(SHARING_HEAD,),
    event=Event.SOURCE_COUNTERSIGNED,
    ends=(COUNTERSIGNING,),
    signs=("signer_id",),
    label=pgettext("countersigning", "Agree"),
    done=Done("agreed", _("Your department agrees"), goes_on=True),
    tone="success",
)
OBJECT: Final = Step(
    name="object",
    at=(_C.ASKED,),
    to=(_C.OBJECTED,),
    action=Action.SOURCE_COUNTERSIGN,
    by=(SHARING_HEAD,),
    event=Event.SOURCE_OBJECTED,
    ends=(COUNTERSIGNING,),
    signs=("signer_id",),
    label=pgettext("countersigning", "Object with reasons"),
    done=Done("objected", _("The objection is with the data administration"), goes_on=True),
    tone="warning",
)
CLOSE: Final = Step(
    name="close",
    at=(_C.ASKED,),
    to=(_C.SILENT, _C.DROPPED),
    event={_C.SILENT: Event.SOURCE_SILENT, _C.DROPPED: Event.SOURCE_COUNTERSIGN_DROPPED},
    ends=(COUNTERSIGNING,),
    tasks=Tasks.DROPPED,
    label=_("The claim was decided, or fell away"),
)
COUNTERSIGN: Final[Lifecycle[CountersignStatus]] = Lifecycle(
    _("Countersigning of a source"), (ASK_ONE, AGREE, OBJECT, CLOSE)
)
