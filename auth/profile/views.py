"""The reader's sessions, as they are shown."""

from sqlmodel import Session

from auth.profile.schemas import SessionRead
from auth.sessions.repository import sessions
from shuqiao.subject import Subject


def shown_sessions(session: Session, subject: Subject) -> list[SessionRead]:
    assert subject.user_id is not None, "only people have sessions"
    return [
        SessionRead(
            id=row.id,
            created_at=row.created_at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
            is_current=row.id == subject.credential_id,
        )
        for row in sessions.live_of(session, subject.user_id)
    ]
