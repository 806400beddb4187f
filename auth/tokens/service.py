"""Service tokens (服务令牌): shown once, kept as a hash, limited to
actions, at most 90 days, revocable at once.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.accounts.models import AppUser
from auth.accounts.repository import PERSON
from auth.accounts.service.subjects import Found, person
from auth.tokens import repository
from auth.tokens.models import ServiceToken
from auth.tokens.words import Scope, actions_of, giving
from policies.actions import Action
from policies.decide import decide
from policies.facts import PrincipalFacts, ResourceFacts
from shuqiao.db import moment_of
from shuqiao.errors import Conflict, FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject

#: No rule about scopes asks who exactly somebody is.
_ANYBODY: Final = "anybody"
_FORM = re.compile(r"^sq_([0-9a-f]{12})_([A-Za-z0-9_-]{43})$")


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token and its only showing."""

    token: ServiceToken
    secret: str


def issue(
    session: Session, subject: Subject, *, name: str, scopes: frozenset[str], days: int
) -> Issued:
    """Issue a token that acts for ``subject`` within ``scopes``; the
    text is shown once and never stored.

    Raises ``Invalid`` for a scope that the person's roles do not give.
    """
    if refused := not_given(subject, scopes):
        raise Invalid(errors=[refused])
    assert subject.user_id is not None, "the policies let only people issue tokens"
    public_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    moment = moment_of(session)
    token = ServiceToken(
        id=uuid7(),
        public_id=public_id,
        secret_hash=_hash(secret),
        user_id=subject.user_id,
        name=name,
        scopes=sorted(scopes),
        created_at=moment,
        expires_at=moment + timedelta(days=days),
    )
    session.add(token)
    append(
        session,
        subject,
        Event.TOKEN_ISSUED,
        stream=f"auth:{subject.account}",
        obj=ObjectRef("Token", str(token.id)),
        why={"scopes": sorted(scopes), "expires_at": token.expires_at.isoformat()},
    )
    return Issued(token, f"sq_{public_id}_{secret}")


def held_by(subject: Subject) -> frozenset[Scope]:
    """The scopes that the rules let a token of this person carry, by the roles of this moment."""
    return _given(subject.roles, str(subject.department_id or ""))


def in_force(subject: Subject, names: Iterable[str]) -> frozenset[str]:
    """Of the scopes and actions ``names`` of a token those that the person's roles still give: with
    the role its scope ends, at the next request.
    """
    held = held_by(subject)
    return frozenset(name for name in names if held.intersection(_scopes_of(name)))


def not_given(subject: Subject, names: Iterable[str]) -> FieldError | None:
    """What is wrong with ``names`` as scopes of a token of ``subject``, or None."""
    wanted = frozenset(names)
    beyond = sorted(wanted - in_force(subject, wanted))
    if not beyond:
        return None
    held = held_by(subject)
    return FieldError(
        "/scopes",
        "scope_not_given",
        _("A service token of yours cannot be given: %(scopes)s", scopes=", ".join(beyond)),
        _(
            "Choose among %(scopes)s. Consent, release and other decisions are left to people.",
            scopes=", ".join(scope for scope in Scope if scope in held),
        ),
    )


def _scopes_of(name: str) -> tuple[Scope, ...]:
    return (Scope(name),) if name in list(Scope) else giving(name)


@lru_cache(maxsize=1_024)  # asked at every request by token
def _given(roles: frozenset[str], department: str) -> frozenset[Scope]:
    person = PrincipalFacts(_ANYBODY, department, roles, frozenset(), True)
    return frozenset(
        scope
        for scope in Scope
        if decide(
            Action.SCOPE_HOLD, person, ResourceFacts("Scope", scope, {"name": str(scope)})
        ).allowed
    )


def find(session: Session, presented: str) -> Found | None:
    """Whom a presented token acts for, or None.

    The comparison takes the same time for any secret.
    """
    form = _FORM.match(presented)
    if form is None:
        return None
    for secret_hash, found in _found(repository.of_public_id(session, form[1])):
        if hmac.compare_digest(secret_hash, _hash(form[2])):
            return found
    return None


def found_in(row: Sequence[Any]) -> Found | None:
    """Whom the token acts for that holds at this moment, of a row of ``repository.HOLDING`` joined
    to what runs under it: judged as ``find`` judges.
    """
    return next((found for _secret, found in _found([row] if row[0] else [])), None)


def _found(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[bytes, Found]]:
    """Each with the hash of its secret."""
    for row in rows:
        token_id, scopes, secret_hash, is_temporary = row[len(PERSON) :]
        owner = person(tuple(row), "token", token_id)
        subject = replace(owner, scopes=actions_of(in_force(owner, scopes)))
        yield bytes(secret_hash), Found(subject, is_temporary)


def revoke(session: Session, subject: Subject, token: ServiceToken) -> ServiceToken:
    """End a token; requests already running with it are stopped by the stream watcher."""
    if token.revoked_at is not None:
        raise Conflict(_("This token is revoked already"))
    token.revoked_at = moment_of(session)
    _revoked(session, subject, token.id, f"auth:{subject.account}")
    return token


def revoke_all(session: Session, subject: Subject, user: AppUser) -> int:
    """End all tokens of ``user``; gives how many."""
    ended = repository.revoke_all(session, user.id)
    for token_id in ended:
        _revoked(session, subject, token_id, user.audit_stream())
    return len(ended)


def _revoked(session: Session, subject: Subject, token_id: UUID, stream: str) -> None:
    obj = ObjectRef("Token", str(token_id))
    append(session, subject, Event.TOKEN_REVOKED, stream=stream, obj=obj)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
