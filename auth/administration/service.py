"""Changes to the accounts of others: roles, suspension, one-time passwords, locks, sessions.

Who may is decided by the policies (三员分立): the system administrator looks after accounts and
never gives a role, the security administrator gives roles and never makes an account. Here is what
must hold whoever asks: one person of each administrator's role remains, roles that exclude each
other never meet, whoever loses something loses it at once, and what leads to a seat
(``auth.roles.SEATS``) is not done by one: it takes a ``basis``, the change of the seat that two
offices agreed on, or why the operator stands in.
"""

import secrets
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.accounts import repository as accounts
from auth.accounts.errors import LastAdministrator, RolesChanged, StateAlready, TwoNeeded
from auth.accounts.models import AppUser
from auth.accounts.service.accounts import create_user
from auth.administration.schemas import UserCreate
from auth.departments.service import find_judges
from auth.roles import ADMINISTRATORS, SEATS, Role, clash
from auth.sessions.repository import sessions
from auth.sessions.service import ending, throttle
from auth.tokens import service as tokens
from shuqiao.changes import apart
from shuqiao.errors import FieldError, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.subject import Subject

#: Without letters and digits that are taken for each other when they are copied from paper.
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


#: What two offices agreed on, or why the operator stands in; None: nobody was asked.
Basis = Mapping[str, Any] | None


def one_time_password() -> str:
    """A password to be handed over once: four groups of five, about 98 bits, easy to read out."""
    return "-".join(half_password(secrets.token_bytes(16)) for _half in range(2))


def half_password(of: bytes) -> str:
    """Two groups of five, about 49 bits, made from at least as much chance."""
    number, letters = int.from_bytes(of), ""
    for _place in range(10):
        number, rest = divmod(number, len(_LETTERS))
        letters += _LETTERS[rest]
    return f"{letters[:5]}-{letters[5:]}"


def leads_to_seat(user: AppUser, given: Collection[str] = ()) -> bool:
    """Whether who gets into the account, or gets the roles ``given``, sits in a seat."""
    return not SEATS.isdisjoint({*user.roles, *given})


def assign_roles(
    session: Session,
    subject: Subject,
    user: AppUser,
    *,
    roles: Collection[Role],
    before: Collection[str],
    basis: Basis = None,
) -> AppUser:
    """Give ``user`` exactly ``roles``; ``before`` is what the administrator saw.

    Their sessions and service tokens end: a token was given for what its owner was then.

    Raises ``RolesChanged`` (412) when somebody was faster, ``Invalid`` (422) for roles that exclude
    each other, ``LastAdministrator`` (409), ``TwoNeeded`` (409) for a new seat without ``basis``.
    """
    wanted = sorted(set(roles))
    if sorted(user.roles) != sorted(set(before)):
        raise RolesChanged
    if problem := clash(frozenset(wanted)):
        raise Invalid(
            errors=[
                FieldError("/roles", "roles_clash", problem, _("Use two accounts of two people"))
            ]
        )
    taken, given = apart(sorted(user.roles), wanted)
    _keep_administrators(session, user, losing=set(taken))
    if not given and not taken:
        raise StateAlready
    if basis is None and not SEATS.isdisjoint(given):
        raise TwoNeeded
    user.roles = [role.value for role in wanted]
    _follow(session, {*given, *taken})
    ended, revoked = sessions.end_all(session, user.id), tokens.revoke_all(session, subject, user)
    append(
        session,
        subject,
        Event.ROLES_ASSIGNED,
        stream=user.audit_stream(),
        obj=user.audit_ref(),
        why={
            "given": given,
            "taken": taken,
            "sessions": ended,
            "tokens": revoked,
            **(basis or {}),
        },
    )
    return user


def suspend(session: Session, subject: Subject, user: AppUser, *, reason: str) -> AppUser:
    """Close the account: sessions end, service tokens are revoked, running transfers stop with
    them.
    """
    if not user.is_active:
        raise StateAlready
    _keep_administrators(session, user, losing=set(user.roles))
    user.is_active = False
    _follow(session, set(user.roles))
    ended, revoked = sessions.end_all(session, user.id), tokens.revoke_all(session, subject, user)
    append(
        session,
        subject,
        Event.USER_SUSPENDED,
        stream=user.audit_stream(),
        obj=user.audit_ref(),
        why={"reason": reason, "sessions": ended, "tokens": revoked},
    )
    return user


def restore(session: Session, subject: Subject, user: AppUser, *, basis: Basis = None) -> AppUser:
    """Open a suspended account again, with its roles; sessions and tokens of before stay ended.

    Raises ``StateAlready``, ``TwoNeeded``.
    """
    if user.is_active:
        raise StateAlready
    if basis is None and leads_to_seat(user):
        raise TwoNeeded
    user.is_active = True
    _follow(session, set(user.roles))
    append(
        session,
        subject,
        Event.USER_RESTORED,
        stream=user.audit_stream(),
        obj=user.audit_ref(),
        why=basis,
    )
    return user


def reset_password(
    session: Session,
    subject: Subject,
    user: AppUser,
    *,
    basis: Basis = None,
    password: str | None = None,
) -> str:
    """A new one-time password for ``user``, given back to be shown once; ``password``: made before.

    Sessions and service tokens end; a lock is taken away. Raises ``TwoNeeded``.
    """
    if basis is None and leads_to_seat(user):
        raise TwoNeeded
    password = password or one_time_password()
    revoked = tokens.revoke_all(session, subject, user)
    ending.with_one_time_password(
        session, subject, user, password, why={"tokens": revoked, **(basis or {})}
    )
    throttle.unlock(session, user.account)
    return password


def unlock(session: Session, subject: Subject, user: AppUser) -> AppUser:
    """Take away the lock after too many failed sign-ins.

    Raises ``StateAlready`` when there is none.
    """
    if not throttle.unlock(session, user.account):
        raise StateAlready(_("The account is not locked"))
    append(session, subject, Event.USER_UNLOCKED, stream=user.audit_stream(), obj=user.audit_ref())
    return user


def end_sessions(session: Session, subject: Subject, user: AppUser) -> int:
    """End all sessions of somebody else; gives how many."""
    return ending.noted(session, subject, user, sessions.end_all(session, user.id))


def _follow(session: Session, roles: Collection[str]) -> None:
    """With its first or last data administrator a department becomes a data administration, or is
    none any more.
    """
    if Role.DATA_ADMIN.value in roles:
        find_judges(session)


def _keep_administrators(session: Session, user: AppUser, *, losing: Collection[str]) -> None:
    """Refuse to leave a role of the three administrators without an
    active holder; raced, the second one waits.
    """
    for role in sorted(role for role in ADMINISTRATORS if role in losing):
        held_by = accounts.holders_locked(session, role)
        if not [holder for holder in held_by if holder != user.id]:
            raise LastAdministrator


def create(session: Session, subject: Subject, body: UserCreate) -> tuple[AppUser, str]:
    """An account without roles and its one-time password; used by the page too.

    An unknown department is a field's.
    """
    password = one_time_password()
    try:
        user = create_user(
            session,
            subject,
            account=body.account,
            name=body.name,
            department_code=body.department_code,
            roles=frozenset(),
            password=password,
            is_temporary=True,
        )
    except NotFound as missing:
        detail = missing.detail or missing.title
        fix = _("Choose a department of the list.")
        raise Invalid(
            errors=[FieldError("/department_code", "unknown_department", detail, fix)]
        ) from None
    return user, password
