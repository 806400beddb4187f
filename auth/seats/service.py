"""What takes over an account, or leads to a seat, is proposed by one office and done by another.

The three administrators' roles are the offices (三员分立). Of three people one proposes, one
decides, and the account is the third's; the same sentences stand in ``policies/accounts.cedar``
and in CHECKs of the table. Of a one-time password each of the two gets one half: neither can sign
in with theirs. Flushes and records, never commits.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.accounts.errors import RolesChanged, StateAlready
from auth.accounts.models import AppUser
from auth.administration import service as administration
from auth.cases import check, take
from auth.guard import authorize
from auth.roles import ADMINISTRATORS, SEATS, Role, clash
from auth.seats import lifecycle, repository
from auth.seats.errors import (
    NoSeat,
    ProposerGone,
    SeatChangeDecided,
    SeatChangeOpen,
    TwoCould,
)
from auth.seats.models import SeatChange
from auth.seats.schemas import SeatProposal
from auth.seats.words import SeatChangeKind
from policies.actions import Action
from shuqiao.clock import now, today
from shuqiao.db import insert_once
from shuqiao.desk import messages
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.keys import key
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

#: The office that may propose each kind, as the rules have it for doing it alone.
ACTIONS: Final[Mapping[SeatChangeKind, Action]] = {
    SeatChangeKind.PASSWORD_RESET: Action.ACCOUNT_RESET_PASSWORD,
    SeatChangeKind.ROLES: Action.ROLES_ASSIGN,
    SeatChangeKind.RESTORATION: Action.ACCOUNT_RESTORE,
}
#: Which office is asked first; the third where nobody of that could decide.
_ASKED: Final[Mapping[Role, tuple[Role, ...]]] = {
    Role.SYSTEM_ADMIN: (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN),
    Role.SECURITY_ADMIN: (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN),
}
#: Changes that one run lets lapse.
BATCH: Final = 100


def propose(session: Session, subject: Subject, user: AppUser, body: SeatProposal) -> SeatChange:
    """Propose; the account's row is locked.

    Raises ``NotAllowed`` for a kind of another office, ``NoSeat``, ``SeatChangeOpen``,
    ``RolesChanged``, ``StateAlready``, ``Invalid`` naming the field.
    """
    authorize(subject, ACTIONS[body.kind], user)
    office = _office(subject)
    wanted = sorted(set(body.roles)) if body.kind is SeatChangeKind.ROLES else []
    _look(user, body, frozenset(wanted))
    assert subject.user_id is not None, "the rules let only people propose"
    case = SeatChange(
        seat_no=next_number(session, "SE"),
        kind=body.kind,
        user_id=user.id,
        roles=[role.value for role in wanted],
        roles_before=list(user.roles) if wanted or body.kind is SeatChangeKind.ROLES else [],
        reason=body.reason,
        office=office.value,
        proposer_id=subject.user_id,
    )
    insert_once(session, case, SeatChangeOpen())
    asked = _who_is_asked(session, user, office)
    why = {"kind": body.kind.value, "account": user.account, "office": office.value}
    if case.roles:
        why["roles"] = ", ".join(case.roles)
    words = {"account": user.account}
    take(session, subject, case, lifecycle.PROPOSE[asked], why=why, words=words)
    return case


def half_of(case: SeatChange) -> str:
    """The proposer's half of the one-time password: kept nowhere, made anew from the key."""
    if case.kind is not SeatChangeKind.PASSWORD_RESET:
        return ""
    return administration.half_password(hmac.digest(key("seat"), case.id.bytes, "sha256"))


def confirm(session: Session, subject: Subject, case: SeatChange) -> str:
    """Confirm and do it; gives the decider's half of a one-time password, or nothing. The row is
    locked.

    Raises ``SeatChangeDecided``, ``ProposerGone``, and what the act itself raises.
    """
    _must_be_open(session, case)
    _must_be_proposed_still(session, case)
    user = accounts.by_id(session, case.user_id, lock=True)
    basis = {"seat_change": case.seat_no, "proposer": str(case.proposer_id)}
    half = _do(session, subject, case, user, basis)
    _decided(case, subject)
    take(session, subject, case, lifecycle.CONFIRM, why=_facts(case, user), words=_words(user))
    return half


def refuse(session: Session, subject: Subject, case: SeatChange, *, remark: str) -> SeatChange:
    """The second office does not confirm. The row is locked. Raises ``SeatChangeDecided``."""
    _must_be_open(session, case)
    user = accounts.by_id(session, case.user_id)
    _decided(case, subject)
    case.remark = remark
    take(session, subject, case, lifecycle.REFUSE, why=_facts(case, user), words=_words(user))
    return case


def expire(session: Session) -> int:
    """Let lapse what was not decided in time; gives how many, at most ``BATCH``."""
    late = repository.late(session, lifecycle.WAITING, today(), BATCH)
    for case in late:
        user = accounts.by_id(session, case.user_id)
        worker, why = Subject.system("worker"), _facts(case, user)
        take(session, worker, case, lifecycle.EXPIRE, why=why, words=_words(user))
    return len(late)


def by_operator(
    session: Session, user: AppUser, kind: SeatChangeKind, *, because: str = ""
) -> dict[str, Any]:
    """The basis on which the operator's command does it alone: nobody is left who could, or the
    operator says why they cannot, which every administrator is told.

    Raises ``TwoCould``.
    """
    if not two_could(session, user, kind):
        return {"operator": "nobody is left who could"}
    if not because:
        raise TwoCould
    told = {each.id for role in ADMINISTRATORS for each in accounts.holders(session, role)}
    what = _(
        "The operator did it without two offices: %(kind)s, account %(account)s",
        kind=kind.label,
        account=user.account,
    )
    messages.send(session, user_ids=told - {user.id}, what=what, href="/admin/seat-changes")
    return {"operator": because}


def two_could(session: Session, user: AppUser, kind: SeatChangeKind) -> bool:
    """Whether somebody is there to propose it and somebody of another office to confirm it, apart
    from the account's own person.
    """
    office = Role.SECURITY_ADMIN if kind is SeatChangeKind.ROLES else Role.SYSTEM_ADMIN
    return bool(_others(session, office, user.id)) and any(
        _others(session, each, user.id) for each in ADMINISTRATORS - {office}
    )


def _look(user: AppUser, body: SeatProposal, wanted: frozenset[Role]) -> None:
    """Whether it is possible, and takes two."""
    if body.kind is SeatChangeKind.ROLES:
        if sorted(user.roles) != sorted(set(body.roles_before)):
            raise RolesChanged
        if problem := clash(wanted):
            fix = _("Use two accounts of two people")
            raise Invalid(errors=[FieldError("/roles", "roles_clash", problem, fix)])
        if SEATS.isdisjoint(set(wanted) - set(user.roles)):
            raise NoSeat
        return
    if not administration.leads_to_seat(user):
        raise NoSeat
    if (body.kind is SeatChangeKind.RESTORATION) == user.is_active:
        raise StateAlready


def _who_is_asked(session: Session, user: AppUser, office: Role) -> Role:
    """The office that gets the task: the first that somebody else than the account's person holds;
    the proposer holds no second one.
    """
    first, *others = _ASKED[office]
    held = (each for each in (first, *others) if _others(session, each, user.id))
    return next(held, first)


def _others(session: Session, office: Role, user_id: UUID) -> list[AppUser]:
    return [each for each in accounts.holders(session, office) if each.id != user_id]


def _office(subject: Subject) -> Role:
    """The one of the three that the person holds: more than one is refused by the database."""
    return next(role for role in ADMINISTRATORS if role in subject.roles)


def _must_be_open(session: Session, case: SeatChange) -> None:
    check(case, lifecycle.CONFIRM)
    due_on: date | None = repository.due_on(session, case.seat_no, lifecycle.WAITING)
    if due_on is not None and due_on < today():
        raise SeatChangeDecided


def _must_be_proposed_still(session: Session, case: SeatChange) -> None:
    """Who proposed it holds the office at this moment too."""
    proposer = accounts.by_id(session, case.proposer_id)
    if not proposer.is_active or case.office not in proposer.roles:
        raise ProposerGone


def _do(
    session: Session, subject: Subject, case: SeatChange, user: AppUser, basis: Mapping[str, Any]
) -> str:
    if case.kind is SeatChangeKind.ROLES:
        roles, before = [Role(role) for role in case.roles], case.roles_before
        administration.assign_roles(session, subject, user, roles=roles, before=before, basis=basis)
    elif case.kind is SeatChangeKind.RESTORATION:
        administration.restore(session, subject, user, basis=basis)
    else:
        half = administration.half_password(secrets.token_bytes(16))
        whole = f"{half_of(case)}-{half}"
        administration.reset_password(session, subject, user, basis=basis, password=whole)
        return half
    return ""


def _decided(case: SeatChange, subject: Subject) -> None:
    case.decided_office, case.decided_at = _office(subject).value, now()


def _facts(case: SeatChange, user: AppUser) -> dict[str, Any]:
    facts = {"kind": case.kind.value, "account": user.account, "office": case.office}
    return {**facts, "decided_office": case.decided_office} if case.decided_office else facts


def _words(user: AppUser) -> dict[str, Any]:
    return {"account": user.account}
