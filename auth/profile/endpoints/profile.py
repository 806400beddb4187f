"""HTTP of one's own account: settings, password, sessions."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse

from audit.receipts import receipt
from auth.accounts.errors import OldPasswordWrong
from auth.accounts.words import Language
from auth.identify import SubjectDep
from auth.profile import service
from auth.profile.access import Own, OwnSeen
from auth.profile.schemas import PasswordChange, Preferences, PreferencesChanged, SessionList
from auth.profile.service import change
from auth.profile.views import shown_sessions
from auth.sessions.schemas import SessionsEnded
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.problem import problem_response
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


@router.get("/me/preferences", operation_id="me_preferences", summary="My display settings")
def show_preferences(subject: SubjectDep, session: ReadSessionDep) -> Preferences:
    user = service.own(session, subject)
    return Preferences(
        language=user.language or Language.ZH_CN,
        is_large_type=user.is_large_type,
        is_high_contrast=user.is_high_contrast,
    )


@router.put("/me/preferences", operation_id="me_set_preferences", summary="Set my display settings")
def set_preferences(body: Preferences, own: Own, session: SessionDep) -> PreferencesChanged:
    service.set_preferences(session, own.subject, own.object, **body.model_dump())
    return PreferencesChanged(**body.model_dump(), **receipt(session))


@router.put(
    "/me/password",
    operation_id="me_change_password",
    summary="Change my password",
    response_model=SessionsEnded,
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
def list_sessions(own: OwnSeen, session: ReadSessionDep) -> SessionList:
    return SessionList(items=shown_sessions(session, own.subject))


@router.delete("/me/sessions", operation_id="me_end_sessions", summary="End my other sessions")
def end_other_sessions(own: Own, session: SessionDep) -> SessionsEnded:
    ended = service.end_others(session, own.subject, own.object)
    return SessionsEnded(ended=ended, **receipt(session))


@router.delete(
    "/me/sessions/{session_id}", operation_id="me_end_session", summary="End one of my sessions"
)
def end_session(session_id: UUID, own: Own, session: SessionDep) -> SessionsEnded:
    """Ending one that has ended, or that is nobody's, ends none."""
    ended = service.end_one(session, own.subject, own.object, session_id)
    return SessionsEnded(ended=ended, **receipt(session))
