"""Why sessions end before their time: somebody says so, or there is a new password."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.accounts.models import AppUser
from auth.accounts.service.passwords import hashed
from auth.sessions.repository import sessions as repository
from shuqiao.subject import Subject


def noted(session: Session, subject: Subject, user: AppUser, ended: int) -> int:
    """Tell the trail that ``ended`` sessions of ``user`` were ended; gives how many."""
    return _told(session, subject, user, Event.SESSIONS_ENDED, ended)


def with_one_time_password(
    session: Session, subject: Subject, user: AppUser, password: str, *, why: Mapping[str, Any]
) -> int:
    """A one-time password for ``user`` ends all sessions; gives how many. ``why``: facts of the
    event beside that.
    """
    user.password_hash, user.is_password_temporary = hashed(password), True
    ended = repository.end_all(session, user.id)
    return _told(session, subject, user, Event.PASSWORD_RESET, ended, why)


def with_new_password(session: Session, subject: Subject, user: AppUser, password: str) -> int:
    """Another password, chosen by ``user``, ends the sessions that were opened with the old one;
    the one it is done in goes on. Gives how many ended.
    """
    user.password_hash, user.is_password_temporary = hashed(password), False
    ended = repository.end_others(session, user.id, subject.credential_id)
    return _told(session, subject, user, Event.PASSWORD_CHANGED, ended)


def _told(
    session: Session,
    subject: Subject,
    user: AppUser,
    event: Event,
    ended: int,
    why: Mapping[str, Any] = MappingProxyType({}),
) -> int:
    append(
        session,
        subject,
        event,
        stream=user.audit_stream(),
        obj=user.audit_ref(),
        why={"sessions": ended, **why},
    )
    return ended
