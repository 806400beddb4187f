"""What people change of their own account: how the pages look, their
password, their sessions (个人设置).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from audit.append import append
from audit.events import Event
from auth.accounts.errors import OldPasswordWrong
from auth.accounts.models import AppUser
from auth.accounts.service.passwords import check_choice, hashed, matches
from auth.accounts.words import Language
from auth.profile import service
from auth.profile.schemas import PasswordChange
from auth.sessions.models import LoginSession
from auth.sessions.service import throttle
from shuqiao.db import start_over
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.subject import Subject


def own(session: Session, subject: Subject, *, lock: bool = False) -> AppUser:
    """The account of ``subject``."""
    return session.get_one(AppUser, subject.user_id, with_for_update=lock)


def set_preferences(
    session: Session,
    subject: Subject,
    user: AppUser,
    *,
    language: Language,
    is_large_type: bool,
    is_high_contrast: bool,
) -> AppUser:
    """Keep how the pages are to look wherever this person signs in."""
    user.language, user.is_large_type, user.is_high_contrast = (
        language,
        is_large_type,
        is_high_contrast,
    )
    append(
        session,
        subject,
        Event.PREFERENCES_CHANGED,
        stream=user.audit_stream(),
        obj=user.audit_ref(),
        why={"language": language.value, "large": is_large_type, "contrast": is_high_contrast},
    )
    return user


def change_password(
    session: Session, subject: Subject, user: AppUser, *, old: str, new: str
) -> int:
    """Choose another password; all other sessions end.

    Raises ``OldPasswordWrong``, ``Invalid``. Gives how many.
    """
    if not matches(old, user.password_hash):
        fix = _("Enter the password you signed in with.")
        raise OldPasswordWrong(
            errors=[
                FieldError(
                    "/old_password", "old_password_wrong", _("The present password is wrong"), fix
                )
            ]
        )
    if new == old:
        fix = _("Choose one that you have not used here.")
        raise Invalid(
            errors=[
                FieldError(
                    "/new_password", "password_unchanged", _("This is the old password"), fix
                )
            ]
        )
    check_choice(new, account=user.account, pointer="/new_password")
    user.password_hash, user.is_password_temporary = hashed(new), False
    ended = _end(session, subject, "user_id = :user AND id <> :current")
    append(
        session,
        subject,
        Event.PASSWORD_CHANGED,
        stream=user.audit_stream(),
        obj=user.audit_ref(),
        why={"sessions": ended},
    )
    return ended


def sessions_of(session: Session, user_id: UUID) -> Sequence[LoginSession]:
    """Sessions that still work, the one used last first."""
    query = select(LoginSession).where(
        LoginSession.user_id == user_id,
        col(LoginSession.ended_at).is_(None),
        col(LoginSession.expires_at) > text("now()"),
        col(LoginSession.seen_at)
        > text(f"now() - interval '{int(settings().session_idle_minutes)} minutes'"),
    )
    return session.exec(
        query.order_by(col(LoginSession.seen_at).desc(), col(LoginSession.id).desc())
    ).all()


def end_one(session: Session, subject: Subject, user: AppUser, session_id: UUID) -> int:
    """End one of the person's own sessions; one that has ended already,
    or is nobody's, is passed over: 0.
    """
    return _noted(
        session,
        subject,
        user,
        _end(session, subject, "user_id = :user AND id = :id", id=session_id),
    )


def end_others(session: Session, subject: Subject, user: AppUser) -> int:
    """End all sessions of the person but this one; gives how many."""
    return _noted(
        session, subject, user, _end(session, subject, "user_id = :user AND id <> :current")
    )


def _end(session: Session, subject: Subject, which: str, **values: UUID) -> int:
    """``which`` is one of the conditions above, never text from outside."""
    ended = session.connection().execute(
        text(f"UPDATE login_session SET ended_at = now() WHERE ended_at IS NULL AND {which}"),
        {
            "user": subject.user_id,
            **({"current": subject.credential_id} if ":current" in which else {}),
            **values,
        },
    )
    return ended.rowcount


def _noted(session: Session, subject: Subject, user: AppUser, ended: int) -> int:
    append(
        session,
        subject,
        Event.SESSIONS_ENDED,
        stream=user.audit_stream(),
        obj=user.audit_ref(),
        why={"sessions": ended},
    )
    return ended


def change(session: Session, subject: Subject, user: AppUser, body: PasswordChange) -> int:
    """Change the password; used by the page too.

    Guessing the present one locks the account as sign-in does.

    On ``OldPasswordWrong`` the transaction holds the counted failure and nothing else; the caller
    lets it commit.
    """
    throttle.admit(session, subject.account)
    try:
        ended = service.change_password(
            session, subject, user, old=body.old_password, new=body.new_password
        )
    except OldPasswordWrong:
        start_over(session)
        throttle.admit(session, subject.account)
        raise
    throttle.forgive(session, subject.account)
    return ended
