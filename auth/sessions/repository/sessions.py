"""Every SQL statement about browser sessions. Expiry is by the database's own clock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select

from auth.accounts.models import AppUser
from auth.accounts.repository import PERSON
from auth.departments.models import Department
from auth.sessions.models import LoginSession
from shuqiao.db import column
from shuqiao.settings import settings
from shuqiao.upkeep import delete_some

#: What makes a session hold. Written down once: every request asks it.
_HOLDING: Final = (
    select_columns(
        *PERSON,
        column(LoginSession.id),
        column(AppUser.is_password_temporary),
        column(LoginSession.seen_at) < text("now() - make_interval(secs => :stale)"),
    )
    .join_from(LoginSession, AppUser, col(AppUser.id) == LoginSession.user_id)
    .join(Department, col(Department.id) == AppUser.department_id)
    .where(
        col(LoginSession.ended_at).is_(None),
        col(LoginSession.expires_at) > text("now()"),
        col(LoginSession.seen_at) > text("now() - make_interval(secs => :idle)"),
        col(AppUser.is_active),
    )
)
_OF_COOKIE: Final = _HOLDING.where(col(LoginSession.token_hash) == bindparam("hash"))
_OF_ID: Final = _HOLDING.where(col(LoginSession.id) == bindparam("id"))
#: The sessions that hold, to be asked about with what runs under them: the columns of
#: ``of_cookie``; its statement is given ``spans``.
HOLDING: Final = _HOLDING.subquery("held_session")


def of_cookie(session: Session, token_hash: bytes) -> Iterable[Sequence[Any]]:
    """The session of this cookie if it holds: ``PERSON``, its id, whether
    the password is temporary, whether its last use was noted long ago.
    """
    return session.connection().execute(_OF_COOKIE, {"hash": token_hash, **spans()})


def of_id(session: Session, session_id: UUID) -> Iterable[Sequence[Any]]:
    """The same of a session whose id is known."""
    return session.connection().execute(_OF_ID, {"id": session_id, **spans()})


def note_use(session: Session, ids: Sequence[UUID | None]) -> None:
    """These sessions are in use."""
    session.connection().execute(
        text("UPDATE login_session SET seen_at = now() WHERE id = ANY(:ids)"), {"ids": list(ids)}
    )


def live_of(session: Session, user_id: UUID) -> Sequence[LoginSession]:
    """Sessions of a person that still work, the one used last first."""
    query = select(LoginSession).where(LoginSession.user_id == user_id, *_live())
    return session.exec(
        query.order_by(col(LoginSession.seen_at).desc(), col(LoginSession.id).desc())
    ).all()


def live_counts(session: Session, user_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many sessions of each person still work; who has none is not in it."""
    query = select(LoginSession.user_id, func.count()).where(
        col(LoginSession.user_id).in_(user_ids), *_live()
    )
    return dict(session.exec(query.group_by(col(LoginSession.user_id))).all())


def last_sign_ins(session: Session, user_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """When each person signed in last; who never did is not in it."""
    query = select(LoginSession.user_id, func.max(col(LoginSession.created_at)))
    of_these = query.where(col(LoginSession.user_id).in_(user_ids))
    return dict(session.exec(of_these.group_by(col(LoginSession.user_id))).all())


def end(session: Session, session_id: UUID | None) -> None:
    """This session never works again."""
    session.connection().execute(
        text("UPDATE login_session SET ended_at = now() WHERE id = :id"), {"id": session_id}
    )


def end_all(session: Session, user_id: UUID) -> int:
    """End all sessions of a person; gives how many."""
    return _end(session, "user_id = :user", user=user_id)


def end_one(session: Session, user_id: UUID | None, session_id: UUID) -> int:
    """End one session of a person; 0 when it has ended already or is nobody's or another's."""
    return _end(session, "user_id = :user AND id = :id", user=user_id, id=session_id)


def end_others(session: Session, user_id: UUID | None, current: UUID | None) -> int:
    """End all sessions of a person but ``current``; gives how many."""
    return _end(session, "user_id = :user AND id <> :current", user=user_id, current=current)


def end_surplus(session: Session, user_id: UUID) -> None:
    """The oldest sessions of a person beyond the allowed number end."""
    session.connection().execute(
        text(
            "UPDATE login_session SET ended_at = now() WHERE user_id = :user AND ended_at IS NULL "
            "AND id NOT IN"
            " (SELECT id FROM login_session WHERE user_id = :user AND ended_at IS NULL"
            " ORDER BY created_at DESC, id DESC LIMIT :keep)"
        ),
        {"user": user_id, "keep": settings().sessions_per_user},
    )


def _end(session: Session, which: str, **values: UUID | None) -> int:
    """``which`` is one of the conditions above, never text from outside."""
    ended = session.connection().execute(
        text(f"UPDATE login_session SET ended_at = now() WHERE ended_at IS NULL AND {which}"),
        values,
    )
    return ended.rowcount


def spans() -> Mapping[str, int]:
    """Seconds until a session is idle, and until a use is worth noting again."""
    idle = 60 * settings().session_idle_minutes
    # noted often enough that a session in use is never idle
    return {"idle": idle, "stale": min(60, idle // 2)}


def _live() -> tuple[Any, ...]:
    return (
        col(LoginSession.ended_at).is_(None),
        col(LoginSession.expires_at) > text("now()"),
        col(LoginSession.seen_at)
        > text(f"now() - interval '{int(settings().session_idle_minutes)} minutes'"),
    )


def forget_old(session: Session, before: datetime, limit: int) -> int:
    """Delete up to ``limit`` sessions that ended, or ran out, before ``before``; gives how many."""
    end = func.least(LoginSession.expires_at, LoginSession.ended_at)  # one of them may be missing
    return delete_some(session, LoginSession, end < before, limit=limit)
