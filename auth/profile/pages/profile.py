"""Pages of one's own account (个人设置): how the pages look, password, sessions, tokens."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.accounts.errors import OldPasswordWrong
from auth.accounts.models import AppUser
from auth.accounts.views import cookies_of
from auth.accounts.words import Language
from auth.guard import is_allowed
from auth.identify import SubjectDep
from auth.once import OnceDep
from auth.profile import service
from auth.profile.access import Own, tokens_of
from auth.profile.forms import LABELS, PasswordForm
from auth.profile.schemas import Preferences
from auth.profile.service import change
from auth.profile.views import shown_sessions, shown_tokens
from auth.roles import Role
from auth.sessions.errors import SignInLocked
from policies.actions import Action
from shuqiao import context
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.errors import Invalid
from shuqiao.i18n import Message, _
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paths import own_path
from shuqiao.web.preferences import store

router = APIRouter(prefix="/me")

DONE: Final[Mapping[str, Message]] = {
    "settings": _("The settings have been saved; they apply wherever you sign in"),
    "password": _("The password has been changed; your other sessions have ended"),
    "sessions": _("The sessions have ended"),
    "revoked": _("The token has been revoked and works no more"),
    "token": _("The token was shown once; if it is lost, revoke it and issue another"),
}


@router.get("")
def profile_page(
    request: Request, subject: SubjectDep, session: ReadSessionDep, done: str = ""
) -> Response:
    user = service.own(session, subject)
    return _profile(request, session, subject, _settings_form(user), done=done)


@router.post("", status_code=303)
def save_settings(
    request: Request, own: Own, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    try:
        wanted = form.parse(Preferences)
    except FormInvalid as invalid:
        start_over(session)
        return _profile(request, session, own.subject, invalid.form, status=422)
    user = service.set_preferences(session, own.subject, own.object, **wanted.model_dump())
    answer = RedirectResponse(once.keep_redirect("/me?done=settings"), 303)
    store(answer, cookies_of(user), secure=not settings().has_plain_cookie)
    return answer


@router.get("/password")
def password_page(
    request: Request,
    subject: SubjectDep,
    session: ReadSessionDep,
    next: Annotated[str, Query(max_length=2_000)] = "/me",
) -> Response:
    return _password(request, service.own(session, subject), Form.of({"next": own_path(next)}))


@router.post("/password", status_code=303)
def change_password(
    request: Request, own: Own, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Nothing typed comes back into the page; a wrong present password
    counts as a failed sign-in.
    """
    was_temporary = own.object.is_password_temporary
    try:
        sent = form.parse(PasswordForm)
        if sent.new_password != sent.again:
            raise FormInvalid(
                form.flawed("again", _("The two new passwords differ. Type the new one twice."))
            )
        change(session, own.subject, own.object, sent)
    except OldPasswordWrong as wrong:
        return _password(
            request, own.object, form.refused(wrong), status=422
        )  # the counted failure is committed
    except (FormInvalid, Invalid, SignInLocked) as error:
        start_over(session)
        failed = error.form if isinstance(error, FormInvalid) else form.refused(error)
        if isinstance(error, SignInLocked):
            wait = {"Retry-After": str(error.retry_after)}
            return _password(request, own.object, failed, status=429, headers=wait)
        return _password(request, own.object, failed, status=422)
    target = own_path(sent.next) if was_temporary else "/me?done=password"
    return RedirectResponse(
        once.keep_redirect("/me?done=password" if target == "/me" else target), 303
    )


@router.post("/sessions", status_code=303)
def end_sessions(own: Own, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """End the named session, or without a name all but this one."""
    named = _named(form.text("session"))
    if named is None:
        service.end_others(session, own.subject, own.object)
    else:
        service.end_one(session, own.subject, own.object, named)
    return RedirectResponse(once.keep_redirect("/me?done=sessions#sessions"), 303)


def _profile(
    request: Request,
    session: Session,
    subject: Subject,
    form: Form,
    *,
    done: str = "",
    status: int = 200,
) -> Response:
    values: dict[str, Any] = {
        "form": form,
        "labels": LABELS,
        "done": DONE.get(done),
        "roles": [role.label for role in Role if role in subject.roles],
        "languages": [(Language.ZH_CN.value, "中文"), (Language.EN.value, "English")],
        "sessions": shown_sessions(session, subject),
        "tokens": shown_tokens(session, subject),
        "may_issue": is_allowed(subject, Action.TOKEN_ISSUE, tokens_of(subject)),
    }
    return page(request, "profile/show.html", values, status=status)


def _settings_form(user: AppUser) -> Form:
    language = user.language.value if user.language else context.locale()
    return Form.of(
        {
            "language": language,
            "is_large_type": str(user.is_large_type).lower(),
            "is_high_contrast": str(user.is_high_contrast).lower(),
        }
    )


def _password(
    request: Request,
    user: AppUser,
    form: Form,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    values = {
        "form": form,
        "labels": LABELS,
        "is_temporary": user.is_password_temporary,
        "next": own_path(form.text("next", "/me")),
    }
    return page(request, "profile/password.html", values, status=status, headers=headers)


def _named(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
