"""HTTP of one's own account: settings, password, sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import JSONResponse

from audit.receipts import receipt
from auth import profile, throttle
from auth.errors import OldPasswordWrong
from auth.guard import Authorized, authorize, may
from auth.identify import SubjectDep
from auth.models import AppUser, Language
from auth.schemas import (
    PasswordChange,
    Preferences,
    PreferencesChanged,
    SessionList,
    SessionRead,
    SessionsEnded,
)
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.subject import Subject
from shuqiao.web.examples import Example, example
from shuqiao.web.problem import problem_response
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


def own_account(subject: SubjectDep, session: SessionDep) -> AppUser:
    return profile.own(session, subject, lock=True)


def own_account_seen(subject: SubjectDep, session: ReadSessionDep) -> AppUser:
    return profile.own(session, subject)


Own = Annotated[Authorized[AppUser], may(Action.PROFILE_CHANGE, own_account)]


@router.get("/me/preferences", operation_id="me_preferences", summary="My display settings")
@example(Example(world="accounts", who="reviewer", success=200, visibility="self"))
def show_preferences(subject: SubjectDep, session: ReadSessionDep) -> Preferences:
    user = profile.own(session, subject)
    return Preferences(
        language=user.language or Language.ZH_CN,
        is_large_type=user.is_large_type,
        is_high_contrast=user.is_high_contrast,
    )


@router.put("/me/preferences", operation_id="me_set_preferences", summary="Set my display settings")
@example(
    Example(
        world="accounts",
        who="reviewer",
        success=200,
        visibility="self",
        event="auth:user:preferences_changed",
        body={"language": "en", "is_large_type": True, "is_high_contrast": False},
    )
)
def set_preferences(body: Preferences, own: Own, session: SessionDep) -> PreferencesChanged:
    profile.set_preferences(session, own.subject, own.object, **body.model_dump())
    return PreferencesChanged(**body.model_dump(), **receipt(session))


@router.put(
    "/me/password",
    operation_id="me_change_password",
    summary="Change my password",
    response_model=SessionsEnded,
)
@example(
    Example(
        world="accounts",
        who="reviewer",
        success=200,
        visibility="self",
        event="auth:user:password_changed",
        body=lambda world: {
            "old_password": world.password("reviewer"),
            "new_password": "青城 河套 草原 云中 2026",
        },
    )
)
def change_password(
    body: PasswordChange, own: Own, session: SessionDep
) -> SessionsEnded | JSONResponse:
    """All other sessions end. A wrong present password counts as a failed sign-in."""
    try:
        ended = change(session, own.subject, own.object, body)
    except OldPasswordWrong as wrong:
        return problem_response(
            wrong
        )  # answered, not raised: the failure that was counted is committed
    return SessionsEnded(ended=ended, **receipt(session))


@router.get("/me/sessions", operation_id="me_sessions", summary="My sessions")
@example(Example(world="accounts", who="reviewer", success=200, visibility="self"))
def list_sessions(own: SubjectDep, session: ReadSessionDep) -> SessionList:
    authorize(own, Action.PROFILE_CHANGE, profile.own(session, own))
    return SessionList(items=shown_sessions(session, own))


@router.delete("/me/sessions", operation_id="me_end_sessions", summary="End my other sessions")
@example(
    Example(
        world="accounts", who="reviewer", success=200, visibility="self", event="auth:session:ended"
    )
)
def end_other_sessions(own: Own, session: SessionDep) -> SessionsEnded:
    ended = profile.end_others(session, own.subject, own.object)
    return SessionsEnded(ended=ended, **receipt(session))


@router.delete(
    "/me/sessions/{session_id}", operation_id="me_end_session", summary="End one of my sessions"
)
@example(
    Example(
        world="accounts",
        who="reviewer",
        success=200,
        visibility="self",
        event="auth:session:ended",
        path={"session_id": "00000000-0000-7000-8000-000000000000"},
    )
)
def end_session(session_id: UUID, own: Own, session: SessionDep) -> SessionsEnded:
    """Ending one that has ended, or that is nobody's, ends none."""
    ended = profile.end_one(session, own.subject, own.object, session_id)
    return SessionsEnded(ended=ended, **receipt(session))


def change(session: Session, subject: Subject, user: AppUser, body: PasswordChange) -> int:
    """Change the password; used by the page too.

    Guessing the present one locks the account as sign-in does.

    On ``OldPasswordWrong`` the transaction holds the counted failure and nothing else; the caller
    lets it commit.
    """
    throttle.admit(session, subject.account)
    try:
        ended = profile.change_password(
            session, subject, user, old=body.old_password, new=body.new_password
        )
    except OldPasswordWrong:
        start_over(session)
        throttle.admit(session, subject.account)
        raise
    throttle.forgive(session, subject.account)
    return ended


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
        for row in profile.sessions_of(session, subject.user_id)
    ]
