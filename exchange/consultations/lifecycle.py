"""The life of a consultation (协商记录) and of its filing (备案) as tables (Order 809, Art. 27)."""

from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.steps import CONSUMER, PROVIDER, Done, Lifecycle, Notice, Seat, Start, Step, Tasks, Todo
from exchange.consultations.words import ConsultationStatus, FilingStatus
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S, _F = ConsultationStatus, FilingStatus

CONSULTING: Final = Clock.CONSULTATION.value
FILING: Final = Clock.CONSULTATION_FILING.value
PAGE: Final = "/consultations/{no}"

APPROVER: Final = Seat(Role.APPROVER, PROVIDER)
SHARING_HEAD: Final = Seat(Role.SHARING_HEAD, PROVIDER)
APPLICANTS: Final = Seat(Role.APPLICANT, CONSUMER)
ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)

_CONSULT: Final = Todo(
    kind="consult_consumer",
    seat=APPROVER,
    what=_("Consult the consumer about what leaves no more under %(grant)s: %(items)s"),
    page=PAGE,
    short=_("Consult the consumer"),
    clock=CONSULTING,
)
_FILE: Final = Todo(
    kind="file_consultation",
    seat=SHARING_HEAD,
    what=_("File with the data administration what leaves no more under %(grant)s"),
    page="/consultations/{consultation}",
    short=_("File with the data administration"),
    clock=FILING,
)

#: A negative entry struck items of a grant: opened by itself, and the consumer is told the basis.
OPEN: Final = Step(
    name="open",
    to=(_S.OPEN,),
    event=Event.CONSULTATION_OPENED,
    starts=Start(CONSULTING, is_due_told=True),
    opens=_CONSULT,
    tells=(
        Notice(
            (APPLICANTS,),
            _(
                "Under %(grant)s these items leave no more: %(items)s. Basis: %(basis)s. Your "
                "department is consulted and may state its side"
            ),
            PAGE,
        ),
    ),
    label=_("Open the consultation"),
    tone="warning",
)
#: Further items of the same grant are struck while it is open: no second case.
EXTEND: Final = Step(
    name="extend",
    at=(_S.OPEN,),
    event=Event.CONSULTATION_EXTENDED,
    has_change=False,
    tasks=Tasks.KEPT,
    tells=(
        Notice(
            (APPLICANTS, APPROVER),
            _("Under %(grant)s these items leave no more either: %(items)s. Basis: %(basis)s"),
            PAGE,
        ),
    ),
    label=_("Add further items"),
    tone="warning",
)
STATE: Final = Step(
    name="state",
    at=(_S.OPEN,),
    action=Action.CONSULTATION_STATE,
    by=(APPROVER, APPLICANTS),
    event=Event.CONSULTATION_STATED,
    has_change=False,
    tasks=Tasks.KEPT,
    tells=(Notice((APPLICANTS, APPROVER), _("Stated in %(no)s by the side: %(side)s"), PAGE),),
    label=_("State the own side"),
    done=Done("stated", _("The statement is kept"), _("The other side has been told.")),
)
CONCLUDE: Final = Step(
    name="conclude",
    at=(_S.OPEN,),
    to=(_S.CONCLUDED,),
    action=Action.CONSULTATION_CONCLUDE,
    by=(APPROVER,),
    event=Event.CONSULTATION_CONCLUDED,
    ends=(CONSULTING,),
    tells=(
        Notice(
            (APPLICANTS, SHARING_HEAD),
            _("The consultation %(no)s is concluded: %(outcome)s"),
            PAGE,
        ),
    ),
    label=_("Conclude the consultation"),
    effect=_(
        "Both sides' statements and the outcome become the consultation record. The grant itself "
        "stays as it is: its termination is a decision of the sharing head."
    ),
    done=Done("concluded", _("The consultation is concluded"), _("Both sides have been told.")),
    tone="success",
)
DROP: Final = Step(
    name="drop",
    at=(_S.OPEN,),
    to=(_S.DROPPED,),
    event=Event.CONSULTATION_DROPPED,
    ends=(CONSULTING,),
    tasks=Tasks.DROPPED,
    label=_("Note that nothing is left to consult about"),
    tone="neutral",
)

LIFECYCLE: Final[Lifecycle[ConsultationStatus]] = Lifecycle(
    _("Consultation"),
    (OPEN, EXTEND, STATE, CONCLUDE, DROP),
)

#: It opens with the consultation.
PREPARE_FILING: Final = Step(
    name="prepare_filing",
    to=(_F.DUE,),
    event=Event.FILING_OPENED,
    starts=Start(FILING, is_due_told=True),
    opens=_FILE,
    label=_("Open the filing"),
    tone="warning",
)
FILE: Final = Step(
    name="file",
    at=(_F.DUE,),
    to=(_F.FILED,),
    action=Action.CONSULTATION_FILE,
    by=(SHARING_HEAD,),
    event=Event.FILING_FILED,
    ends=(FILING,),
    tells=(
        Notice(
            (ADMINISTRATION, APPLICANTS),
            _("Filed under %(no)s: what leaves no more under %(grant)s"),
            "/consultations/{consultation}",
        ),
    ),
    label=_("File with the data administration"),
    done=Done("filed", _("The filing is made"), _("The data administration has been told.")),
    tone="success",
)
DROP_FILING: Final = Step(
    name="drop_filing",
    at=(_F.DUE,),
    to=(_F.DROPPED,),
    event=Event.FILING_DROPPED,
    ends=(FILING,),
    tasks=Tasks.DROPPED,
    label=_("Note that nothing is left to file"),
    tone="neutral",
)

FILING_LIFECYCLE: Final[Lifecycle[FilingStatus]] = Lifecycle(
    _("Filing"), (PREPARE_FILING, FILE, DROP_FILING)
)
