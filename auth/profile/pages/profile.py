"""Pages of one's own account (个人设置): how the pages look, password, sessions, tokens."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from auth.accounts.errors import OldPasswordWrong
from auth.accounts.views import cookies_of
from auth.guard import Authorized
from auth.identify import SubjectDep
from auth.once import OnceDep
from auth.profile import service
from auth.profile.access import Own
from auth.profile.forms import PasswordForm
from auth.profile.pages.profile_page import (
    PasswordPage,
    ProfilePage,
    WrongPasswordPage,
    password_page,
    profile_again,
    profile_page,
    settings_form,
)
from auth.profile.schemas import Preferences
from auth.sessions.errors import SignInLocked
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paths import own_path
from shuqiao.web.preferences import store

router = PageRouter(prefix="/me")


@router.page("")
def show(subject: SubjectDep, session: ReadSessionDep, done: str = "") -> ProfilePage:
    return profile_page(session, subject, settings_form(service.own(session, subject)), done)


@router.form("", again=profile_again)
def save_settings(own: Own, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    wanted = form.parse(Preferences)
    user = service.set_preferences(session, own.subject, own.object, **wanted.model_dump())
    answer = once.go_to("/me?done=settings")
    store(answer, cookies_of(user), secure=not settings().has_plain_cookie)
    return answer


@router.page("/password")
def ask_for_password(
    subject: SubjectDep,
    session: ReadSessionDep,
    next: Annotated[str, Query(max_length=2_000)] = "/me",
) -> PasswordPage:
    own = Authorized(subject, service.own(session, subject))
    return password_page(own, Form.of({"next": own_path(next)}))


@router.form("/password", again=password_page, also=[SignInLocked])
def change_password(
    own: Own, session: SessionDep, form: FormDep, once: OnceDep
) -> PasswordPage | Response:
    """Nothing typed comes back into the page; a wrong present password
    counts as a failed sign-in.
    """
    was_temporary = own.object.is_password_temporary
    sent = form.parse(PasswordForm)
    if sent.new_password != sent.again:
        raise FormInvalid(
            form.flawed("again", _("The two new passwords differ. Type the new one twice."))
        )
    try:
        service.change(session, own.subject, own.object, sent)
    except OldPasswordWrong as wrong:  # answered, not raised: the counted failure is committed
        return password_page(own, form.refused(wrong), WrongPasswordPage)
    target = own_path(sent.next) if was_temporary else "/me"
    return once.go_to("/me?done=password" if target == "/me" else target)


@router.form("/sessions")
def end_sessions(own: Own, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """End the named session, or without a name all but this one."""
    named = _named(form.text("session"))
    if named is None:
        service.end_others(session, own.subject, own.object)
    else:
        service.end_one(session, own.subject, own.object, named)
    return once.go_to("/me?done=sessions#sessions")


def _named(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
