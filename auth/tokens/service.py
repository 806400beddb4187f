"""Service tokens (服务令牌): shown once, kept as a hash, limited to
actions, at most 90 days, revocable at once.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from audit.append import ObjectRef, append
from audit.events import Event
from auth.accounts.models import AppUser
from auth.accounts.service.accounts import PERSON, Found, person
from auth.departments.models import Department
from auth.tokens.models import ServiceToken
from shuqiao.db import among_ids, column
from shuqiao.errors import Conflict
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject

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
    """
    assert subject.user_id is not None, "the policies let only people issue tokens"
    public_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    moment = session.connection().execute(text("SELECT now()")).scalar_one()
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


def find(session: Session, presented: str) -> Found | None:
    """Whom a presented token acts for, or None.

    The comparison takes the same time for any secret.
    """
    form = _FORM.match(presented)
    if form is None:
        return None
    for secret_hash, found in _holding(session, _OF_PUBLIC_ID, {"public_id": form[1]}):
        if hmac.compare_digest(secret_hash, _hash(form[2])):
            return found
    return None


def holding(session: Session, ids: Collection[UUID]) -> list[Found]:
    """Of the tokens ``ids`` those that hold at this moment, judged as ``find`` judges."""
    return [found for _secret, found in _holding(session, _AMONG_IDS, {"ids": list(ids)})]


def _holding(
    session: Session, which: Select[Any], given: Mapping[str, Any]
) -> list[tuple[bytes, Found]]:
    """Each with the hash of its secret."""
    found = []
    for row in session.connection().execute(which, given):
        token_id, scopes, secret_hash, is_temporary = row[len(PERSON) :]
        subject = person(tuple(row), "token", token_id, frozenset(scopes))
        found.append((bytes(secret_hash), Found(subject, is_temporary)))
    return found


#: What makes a token hold. Written down once: every request asks it.
_HOLDING: Final = (
    select_columns(
        *PERSON,
        *map(column, (ServiceToken.id, ServiceToken.scopes, ServiceToken.secret_hash)),
        column(AppUser.is_password_temporary),
    )
    .join_from(ServiceToken, AppUser, col(AppUser.id) == ServiceToken.user_id)
    .join(Department, col(Department.id) == AppUser.department_id)
    .where(
        col(ServiceToken.revoked_at).is_(None),
        col(ServiceToken.expires_at) > text("now()"),
        col(AppUser.is_active),
    )
)
_OF_PUBLIC_ID: Final = _HOLDING.where(col(ServiceToken.public_id) == bindparam("public_id"))
_AMONG_IDS: Final = _HOLDING.where(among_ids(ServiceToken.id))


def of(session: Session, subject: Subject) -> Sequence[ServiceToken]:
    """All tokens of the person, newest first."""
    query = select(ServiceToken).where(ServiceToken.user_id == subject.user_id)
    return session.exec(query.order_by(col(ServiceToken.id).desc())).all()


def moment(session: Session) -> datetime:
    """The database's own clock, which judges when a token ends."""
    found: datetime = session.connection().execute(text("SELECT now()")).scalar_one()
    return found


def by_id(session: Session, token_id: UUID) -> ServiceToken | None:
    return session.get(ServiceToken, token_id, with_for_update=True)


def revoke(session: Session, subject: Subject, token: ServiceToken) -> ServiceToken:
    """End a token; requests already running with it are stopped by the stream watcher."""
    if token.revoked_at is not None:
        raise Conflict(_("This token is revoked already"))
    token.revoked_at = session.connection().execute(text("SELECT now()")).scalar_one()
    append(
        session,
        subject,
        Event.TOKEN_REVOKED,
        stream=f"auth:{subject.account}",
        obj=ObjectRef("Token", str(token.id)),
    )
    return token


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
