"""What people change of their own account: how the pages look, their
password, their sessions (个人设置).
"""

from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.accounts import repository as accounts
from auth.accounts.errors import OldPasswordWrong
from auth.accounts.models import AppUser
from auth.accounts.service.passwords import check_choice, matches
from auth.accounts.words import Language
from auth.profile.schemas import PasswordChange
from auth.sessions.repository import sessions
from auth.sessions.service import ending, throttle
from shuqiao.db import start_over
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.subject import Subject


def own(session: Session, subject: Subject, *, lock: bool = False) -> AppUser:
    """The account of ``subject``."""
    return accounts.by_id(session, subject.user_id, lock=lock)


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
    return ending.with_new_password(session, subject, user, new)


def end_one(session: Session, subject: Subject, user: AppUser, session_id: UUID) -> int:
    """End one of the person's own sessions; one that has ended already,
    or is nobody's, is passed over: 0.
    """
    ended = sessions.end_one(session, subject.user_id, session_id)
    return ending.noted(session, subject, user, ended)


def end_others(session: Session, subject: Subject, user: AppUser) -> int:
    """End all sessions of the person but this one; gives how many."""
    ended = sessions.end_others(session, subject.user_id, subject.credential_id)
    return ending.noted(session, subject, user, ended)


def change(session: Session, subject: Subject, user: AppUser, body: PasswordChange) -> int:
    """Change the password; used by the page too.

    Guessing the present one locks the account as sign-in does.

    On ``OldPasswordWrong`` the transaction holds the counted failure and nothing else; the caller
    lets it commit.
    """
    throttle.admit(session, subject.account)
    try:
        ended = change_password(
            session, subject, user, old=body.old_password, new=body.new_password
        )
    except OldPasswordWrong:
        start_over(session)
        throttle.admit(session, subject.account)
        raise
    throttle.forgive(session, subject.account)
    return ended
