"""A change of a seat as one table: proposed by one office, decided by another."""

from collections.abc import Mapping
from typing import Final

from audit.events import Event
from auth.roles import Role
from auth.seats.words import SeatChangeStatus
from auth.steps import Done, Lifecycle, Notice, Person, Seat, Start, Step, Todo
from policies.actions import Action
from policies.clocks import Clock
from shuqiao.i18n import _

_S = SeatChangeStatus

WAITING: Final = Clock.SEAT_CHANGE.value
PAGE: Final = "/admin/seat-changes/{no}"
_OFFICES: Final = (Seat(Role.SYSTEM_ADMIN), Seat(Role.SECURITY_ADMIN), Seat(Role.AUDIT_ADMIN))
_PROPOSER: Final = Person("proposer_id", Role.SYSTEM_ADMIN)
_PERSON: Final = Person("user_id", Role.APPLICANT)


def _proposal(role: Role, name: str) -> Step[SeatChangeStatus]:
    """Asks the office ``role``."""
    return Step(
        name=name,
        to=(_S.PROPOSED,),
        event=Event.SEAT_CHANGE_PROPOSED,
        starts=Start(WAITING, is_due_told=True),
        opens=Todo(
            kind="confirm_seat_change",
            seat=Seat(role),
            what=_("Confirm or refuse %(no)s for the account %(account)s"),
            page=PAGE,
            short=_("Confirm or refuse a change of a seat"),
            clock=WAITING,
        ),
        label=_("Propose a change of a seat"),
    )


#: By the office that is asked.
PROPOSE: Final[Mapping[Role, Step[SeatChangeStatus]]] = {
    Role.SECURITY_ADMIN: _proposal(Role.SECURITY_ADMIN, "propose"),
    Role.SYSTEM_ADMIN: _proposal(Role.SYSTEM_ADMIN, "propose_to_system"),
    Role.AUDIT_ADMIN: _proposal(Role.AUDIT_ADMIN, "propose_to_audit"),
}
CONFIRM: Final = Step(
    name="confirm",
    at=(_S.PROPOSED,),
    to=(_S.CONFIRMED,),
    action=Action.SEAT_CONFIRM,
    by=_OFFICES,
    event=Event.SEAT_CHANGE_CONFIRMED,
    signs=("decider_id",),
    ends=(WAITING,),
    tells=(
        Notice((_PROPOSER,), _("%(no)s is confirmed: the account %(account)s"), PAGE),
        Notice((_PERSON,), _("Two administrators have changed your account: %(no)s"), "/me"),
    ),
    label=_("Confirm"),
    effect=_("It is done at once; sessions and service tokens of the account end."),
    done=Done("confirmed", _("The change of the seat is confirmed and done")),
    tone="success",
)
REFUSE: Final = Step(
    name="refuse",
    at=(_S.PROPOSED,),
    to=(_S.REFUSED,),
    action=Action.SEAT_CONFIRM,
    by=_OFFICES,
    event=Event.SEAT_CHANGE_REFUSED,
    signs=("decider_id",),
    ends=(WAITING,),
    tells=(Notice((_PROPOSER,), _("%(no)s is refused: the account %(account)s"), PAGE),),
    label=_("Refuse"),
    done=Done("refused", _("The change of the seat is refused")),
    tone="danger",
)
EXPIRE: Final = Step(
    name="expire",
    at=(_S.PROPOSED,),
    to=(_S.EXPIRED,),
    event=Event.SEAT_CHANGE_EXPIRED,
    ends=(WAITING,),
    tells=(Notice((_PROPOSER,), _("%(no)s was not confirmed in time"), PAGE),),
    label=_("Let lapse what was not confirmed in time"),
    tone="warning",
)

LIFECYCLE: Final[Lifecycle[SeatChangeStatus]] = Lifecycle(
    _("Change of a seat"), (*PROPOSE.values(), CONFIRM, REFUSE, EXPIRE)
)
