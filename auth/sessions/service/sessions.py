"""Browser sessions: sign in, look up by cookie, end. Expiry is by the database's own clock."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.accounts import repository as accounts
from auth.accounts.models import AppUser
from auth.accounts.repository import PERSON
from auth.accounts.service.passwords import matches
from auth.accounts.service.subjects import Found, person, subject_of
from auth.accounts.views import cookies_of
from auth.sessions.models import LoginSession
from auth.sessions.repository import sessions as repository
from auth.sessions.service import throttle
from shuqiao.db import moment_of
from shuqiao.keys import key
from shuqiao.settings import settings
from shuqiao.subject import Subject

#: Tries for accounts that do not exist which are recorded one by one.
TRIES_RECORDED: Final = 50


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the cookie's secret, the form token, who it is, the receipt of its event."""

    cookie: str
    csrf_token: str
    subject: Subject
    receipt: Mapping[str, Any] = field(default_factory=dict)
    #: The person must choose a password before anything else.
    is_password_temporary: bool = False
    #: The preference cookies of the account, for this browser.
    preferences: Mapping[str, str] = field(default_factory=dict)


def sign_in(
    session: Session, *, account: str, password: str, had: str | None = None
) -> SignedIn | None:
    """Open a session, or record the failure and give None; the caller commits either way.

    ``throttle.admit`` has admitted the try. ``had``: the cookie that the browser came with; its
    session ends with success, whoever's it is: one browser, one session.
    """
    user = accounts.by_account(session, account)
    is_right = matches(password, user.password_hash if user and user.is_active else None)
    if user is None or not is_right:
        _refuse(session, account, user)
        return None
    throttle.forgive(session, account)
    if had:
        _leave(session, had)
    return _open(session, user)


def find(session: Session, cookie: str) -> Found | None:
    """The live session behind a cookie and its person, or None."""
    return next(iter(_found(repository.of_cookie(session, _hash(cookie)))), None)


def holding(session: Session, session_id: UUID) -> Found | None:
    """The live session of this id and its person, or None: for what was begun in it elsewhere."""
    return next(iter(_found(repository.of_id(session, session_id))), None)


def found_in(row: Sequence[Any]) -> Found | None:
    """Whose the session is that holds at this moment, of a row of ``repository.HOLDING`` joined to
    what runs under it: judged as ``find`` judges.
    """
    return next(iter(_found([row] if row[0] else [])), None)


def touch(session: Session, *subjects: Subject) -> None:
    """Note that the subjects' sessions are in use; ``Found.is_stale``: it is worth a write."""
    repository.note_use(session, [subject.credential_id for subject in subjects])


def _found(rows: Iterable[Sequence[Any]]) -> list[Found]:
    found = []
    for row in rows:
        session_id, is_temporary, is_stale = row[len(PERSON) :]
        found.append(Found(person(tuple(row), "session", session_id), is_temporary, is_stale))
    return found


def end(session: Session, subject: Subject) -> None:
    """Sign out: the session never works again."""
    repository.end(session, subject.credential_id)
    append(
        session,
        subject,
        Event.SESSION_CLOSED,
        stream=f"auth:{subject.account}",
        obj=ObjectRef("Session", str(subject.credential_id)),
    )


def _leave(session: Session, cookie: str) -> None:
    """End the session that a browser has, if it holds."""
    found = find(session, cookie)
    if found is not None:
        end(session, found.subject)


def csrf_token(cookie: str) -> str:
    """The form token of a session: bound to its secret, nothing to store."""
    return hmac.digest(key("csrf"), _hash(cookie), "sha256").hex()


def is_csrf_token(cookie: str, sent: str | None) -> bool:
    return sent is not None and hmac.compare_digest(
        csrf_token(cookie).encode(), sent.encode("utf-8", "replace")
    )


def _refuse(session: Session, account: str, user: AppUser | None) -> None:
    """The trail keeps what failed, never what was typed: passwords get into the wrong field.

    Names that nobody has can be tried without an end: after the first tries only the 64th, 128th,
    256th … is recorded.
    """
    why: dict[str, Any] = {"locked": throttle.seconds_left(session, account) > 0}
    if user is None:
        why["tries"] = tries = throttle.tries_of_nobody(session)
        if tries > TRIES_RECORDED and tries & (tries - 1):
            return
    stream, name = (f"auth:{user.account}", user.account) if user else ("auth:unknown", "unknown")
    append(
        session,
        Subject.anonymous(),
        Event.SESSION_REFUSED,
        stream=stream,
        obj=ObjectRef("User", name),
        result="deny",
        why=why,
    )


def _open(session: Session, user: AppUser) -> SignedIn:
    limits, cookie = settings(), secrets.token_urlsafe(32)
    moment = moment_of(session)
    found = LoginSession(
        token_hash=_hash(cookie),
        user_id=user.id,
        created_at=moment,
        seen_at=moment,
        expires_at=moment + timedelta(hours=limits.session_hours),
    )
    session.add(found)
    session.flush()
    repository.end_surplus(session, user.id)
    plain = subject_of(session, user)
    subject = Subject(
        plain.user_id,
        plain.account,
        plain.name,
        plain.department_id,
        plain.department_name,
        plain.roles,
        "session",
        found.id,
    )
    append(
        session,
        subject,
        Event.SESSION_OPENED,
        stream=f"auth:{user.account}",
        obj=ObjectRef("Session", str(found.id)),
    )
    return SignedIn(
        cookie,
        csrf_token(cookie),
        subject,
        is_password_temporary=user.is_password_temporary,
        preferences=cookies_of(user),
    )


def _hash(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).digest()
