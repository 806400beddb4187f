"""The life of a proposal for the standards (数据元提案) as one table.

What it does to the element (``ElementStatus``): a new one is a draft, is recorded while the
departments are heard, and standard once it is published; a published one stays as it is until the
next version, its successor or its retirement is published. After ISO/IEC 11179-6.
"""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import (
    PROPOSER,
    AtWork,
    DidWork,
    Done,
    Lifecycle,
    Notice,
    Person,
    Seat,
    Start,
    Step,
    Tasks,
    Todo,
)
from catalog.proposals.words import ProposalStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = ProposalStatus

INTAKE: Final = Clock.ELEMENT_INTAKE.value
HEARING: Final = Clock.ELEMENT_HEARING.value
DECISION: Final = Clock.ELEMENT_DECISION.value
CORRECTION: Final = Clock.ELEMENT_CORRECTION.value
PAGE: Final = "/element-proposals/{no}"

AUTHOR: Final = Person("author_id", Role.REGISTRAR)
REGISTRAR: Final = Seat(Role.REGISTRAR, PROPOSER)
SHARING_HEAD: Final = Seat(Role.SHARING_HEAD, PROPOSER)
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)
_PROPOSERS: Final = (REGISTRAR, SHARING_HEAD, Seat(Role.DATA_ADMIN, PROPOSER))

_RECORD_TODO: Final = Todo(
    kind="record_element_proposal",
    seat=ADMINISTRATION,
    what=_("Take in the proposal “%(title)s” and open its hearing"),
    page=PAGE,
    short=_("Open the hearing"),
    clock=INTAKE,
)
_DECIDE_TODO: Final = Todo(
    kind="decide_element_proposal",
    seat=ADMINISTRATION,
    what=_("Decide on the proposal “%(title)s” after its hearing"),
    page=PAGE,
    short=_("Decide on the proposal"),
    clock=DECISION,
)
CORRECT_TODO: Final = Todo(
    kind="correct_element_proposal",
    seat=AUTHOR,
    what=_("Correct the proposal “%(title)s”"),
    page=PAGE,
    short=_("Correct the proposal"),
    clock=CORRECTION,
)
#: Asked of every department that follows the element (``service.deciding``).
ANSWER_TODO: Final = Todo(
    kind="answer_element_proposal",
    seat=Seat(Role.REGISTRAR),
    what=_("Say what your department thinks of the proposal “%(title)s”"),
    page=PAGE,
    short=_("Give an opinion"),
    clock=HEARING,
)

PROPOSE: Final = Step(
    name="propose",
    to=(_S.PROPOSED,),
    action=Action.ELEMENT_PROPOSE,
    by=(Seat(Role.REGISTRAR), Seat(Role.SHARING_HEAD), ADMINISTRATION),
    event=Event.PROPOSAL_FILED,
    starts=Start(INTAKE),
    opens=_RECORD_TODO,
    label=_("Propose"),
    effect=_("The data administration takes it in, hears the departments and decides."),
    done=Done("proposed", _("The proposal is with the data administration")),
)
#: Returned, it is mended and goes the same way again.
MEND: Final = Step(
    name="mend",
    at=(_S.RETURNED,),
    to=(_S.PROPOSED,),
    action=Action.PROPOSAL_MEND,
    by=_PROPOSERS,
    event=Event.PROPOSAL_MENDED,
    ends=(CORRECTION,),
    starts=Start(INTAKE),
    opens=_RECORD_TODO,
    label=_("Correct and propose again"),
    done=Done("mended", _("The corrected proposal is with the data administration")),
)
RECORD: Final = Step(
    name="record",
    at=(_S.PROPOSED,),
    to=(_S.RECORDED,),
    action=Action.PROPOSAL_DECIDE,
    by=(ADMINISTRATION,),
    event=Event.PROPOSAL_RECORDED,
    ends=(INTAKE,),
    starts=Start(DECISION),
    opens=_DECIDE_TODO,
    tells=(Notice((AUTHOR,), _("The departments are heard on “%(title)s”"), PAGE),),
    label=_("Record it and open the hearing"),
    effect=_(
        "Departments that follow the element are asked; every department may give its opinion."
    ),
    done=Done("recorded", _("The hearing is open")),
)
#: Once a hearing for each department.
ANSWER: Final = Step(
    name="answer",
    at=(_S.RECORDED,),
    action=Action.PROPOSAL_ANSWER,
    by=(Seat(Role.REGISTRAR), Seat(Role.SHARING_HEAD)),
    event=Event.PROPOSAL_ANSWERED,
    has_change=False,
    is_note=True,
    tasks=Tasks.KEPT,
    label=_("Give an opinion"),
    done=Done("answered", _("The opinion of your department is recorded")),
)
RETURN: Final = Step(
    name="return",
    at=(_S.PROPOSED, _S.RECORDED),
    to=(_S.RETURNED,),
    action=Action.PROPOSAL_DECIDE,
    by=(ADMINISTRATION,),
    event=Event.PROPOSAL_RETURNED,
    ends=(INTAKE, HEARING, DECISION),
    starts=Start(CORRECTION),
    tasks=Tasks.DROPPED,
    opens=CORRECT_TODO,
    tells=(
        Notice((AUTHOR,), _("The proposal “%(title)s” was returned: %(remark)s"), PAGE),
        Notice((AtWork(), DidWork()), _("The hearing on “%(title)s” is over: returned"), PAGE),
    ),
    label=_("Return for correction"),
    done=Done("returned", _("The proposal is returned"), goes_on=True),
    tone="warning",
)
WITHDRAW: Final = Step(
    name="withdraw",
    at=(_S.PROPOSED, _S.RECORDED, _S.RETURNED),
    to=(_S.WITHDRAWN,),
    action=Action.PROPOSAL_MEND,
    by=_PROPOSERS,
    event=Event.PROPOSAL_WITHDRAWN,
    ends=(INTAKE, HEARING, DECISION, CORRECTION),
    tasks=Tasks.DROPPED,
    tells=(Notice((AtWork(),), _("The proposal “%(title)s” was withdrawn"), PAGE),),
    label=_("Withdraw"),
    effect=_("The proposal ends; what is published stays as it is."),
    done=Done("withdrawn", _("The proposal is withdrawn")),
    tone="neutral",
)
PUBLISH: Final = Step(
    name="publish",
    at=(_S.RECORDED,),
    to=(_S.PUBLISHED,),
    action=Action.PROPOSAL_DECIDE,
    by=(ADMINISTRATION,),
    event=Event.PROPOSAL_PUBLISHED,
    ends=(HEARING, DECISION),
    tells=(
        Notice((AUTHOR, AtWork(), DidWork()), _("The proposal “%(title)s” was published"), PAGE),
    ),
    label=_("Publish"),
    done=Done("published", _("It is published"), goes_on=True),
    tone="success",
)

LIFECYCLE: Final[Lifecycle[ProposalStatus]] = Lifecycle(
    _("Proposal for the standards"),
    (PROPOSE, MEND, RECORD, ANSWER, RETURN, WITHDRAW, PUBLISH),
)
