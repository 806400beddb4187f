"""Whom the steps of a demand ask, by which clock.

Order 809, Art. 20 obliges the data administration to match demand and supply by a defined process
and sets no day for it; the clocks are set by the platform (平台约定). Silence answers nothing: what
is overdue escalates.
"""

from typing import Final

from auth.roles import Role
from auth.steps import CONSUMER, PROVIDER, Person, Seat, Todo
from policies.clocks import Clock
from shuqiao.i18n import _

ASSIGNING: Final = Clock.DEMAND_ASSIGNMENT.value
ANSWERING: Final = Clock.DEMAND_ANSWER.value
APPLYING: Final = Clock.DEMAND_APPLICATION.value
OBJECTING: Final = Clock.DEMAND_OBJECTION.value
MEDIATING: Final = Clock.DEMAND_MEDIATION.value
ALL: Final = (ASSIGNING, ANSWERING, APPLYING, OBJECTING, MEDIATING)
PAGE: Final = "/demands/{no}"

ADMINISTRATION: Final = Seat(Role.DATA_ADMIN)
HEAD: Final = Seat(Role.SHARING_HEAD, PROVIDER)
REGISTRARS: Final = Seat(Role.REGISTRAR, PROVIDER)
#: Whoever filed it; told beside are those of the other voices (``service``).
FILER: Final = Person("filer_id", Role.APPLICANT)
DEMANDERS: Final = (
    Seat(Role.APPLICANT, CONSUMER),
    Seat(Role.REGISTRAR, CONSUMER),
    Seat(Role.SHARING_HEAD, CONSUMER),
)

TO_ASSIGN: Final = Todo(
    kind="assign_demand",
    seat=ADMINISTRATION,
    what=_("Name the department that answers demand %(no)s: “%(title)s”"),
    page=PAGE,
    short=_("Assign the demand"),
    clock=ASSIGNING,
)
TO_ANSWER: Final = Todo(
    kind="answer_demand",
    seat=HEAD,
    what=_("Answer demand %(no)s: “%(title)s”"),
    page=PAGE,
    short=_("Answer the demand"),
    clock=ANSWERING,
)
TO_APPLY: Final = Todo(
    kind="apply_for_demand",
    seat=FILER,
    what=_("Apply for the entry that serves demand %(no)s: “%(title)s”"),
    page=PAGE,
    short=_("Apply for the entry"),
    clock=APPLYING,
)
TO_ACCEPT: Final = Todo(
    kind="accept_demand_refusal",
    seat=FILER,
    what=_("Demand %(no)s was refused on a legal basis: accept or contest it"),
    page=PAGE,
    short=_("Accept or contest the refusal"),
    clock=OBJECTING,
)
TO_SETTLE: Final = Todo(
    kind="settle_demand",
    seat=ADMINISTRATION,
    what=_("Mediate the refusal of demand %(no)s: “%(title)s” (Order 809, Art. 28)"),
    page=PAGE,
    short=_("Mediate the refusal"),
    clock=MEDIATING,
)
