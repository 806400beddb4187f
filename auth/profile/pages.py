"""Pages of one's own account (个人设置): how the pages look, password, sessions, service tokens."""

import base64
import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.accounts.errors import OldPasswordWrong
from auth.accounts.models import AppUser
from auth.accounts.views import cookies_of
from auth.accounts.words import Language
from auth.guard import Authorized, Place, authorize, is_allowed, may
from auth.identify import SubjectDep
from auth.once import OnceDep
from auth.profile import service
from auth.profile.access import Own, token_to_change
from auth.profile.schemas import PasswordChange, Preferences
from auth.profile.service import change
from auth.profile.views import shown_sessions
from auth.roles import Role
from auth.sessions.errors import SignInLocked
from auth.tokens import service as tokens
from auth.tokens.models import ServiceToken
from auth.tokens.repository import of_user
from policies.actions import Action
from shuqiao import context
from shuqiao.db import ReadSessionDep, SessionDep, moment_of, start_over
from shuqiao.errors import Invalid
from shuqiao.i18n import Message, _
from shuqiao.ids import uuid7
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.texts import Name, Strict
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paths import own_path
from shuqiao.web.preferences import store

router = APIRouter(prefix="/me")

Group = Literal["find", "fetch", "apply", "desk"]
#: What a token may be for, in words, and the actions that stand behind each.
GROUPS: Final[Mapping[Group, tuple[Message, frozenset[Action]]]] = {
    "find": (
        _("search the catalogue and read entries"),
        frozenset({Action.ELEMENT_READ, Action.RESOURCE_READ}),
    ),
    "fetch": (
        _("fetch granted data and see deliveries"),
        frozenset({Action.GRANT_READ, Action.GRANT_FETCH, Action.DELIVERY_READ}),
    ),
    "apply": (
        _("draft, submit and withdraw requests"),
        frozenset(
            {
                Action.REQUEST_CREATE,
                Action.REQUEST_READ,
                Action.REQUEST_EDIT,
                Action.REQUEST_SUBMIT,
                Action.REQUEST_WITHDRAW,
            }
        ),
    ),
    "desk": (_("read my tasks and messages"), frozenset({Action.TODO_READ})),
}
LABELS: Final[Mapping[str, Message]] = {
    "language": _("Language"),
    "is_large_type": _("Large type"),
    "is_high_contrast": _("High contrast"),
    "old_password": _("Present password"),
    "new_password": _("New password"),
    "again": _("New password once more"),
    "name": _("Name of the token"),
    "groups": _("The token may"),
    "days": _("Valid for days"),
}
DONE: Final[Mapping[str, Message]] = {
    "settings": _("The settings have been saved; they apply wherever you sign in"),
    "password": _("The password has been changed; your other sessions have ended"),
    "sessions": _("The sessions have ended"),
    "revoked": _("The token has been revoked and works no more"),
    "token": _("The token was shown once; if it is lost, revoke it and issue another"),
}


class PasswordForm(PasswordChange):
    """The new password typed twice, so that a slip of the finger locks nobody out."""

    again: Annotated[str, Field(min_length=1, max_length=128)]
    next: str = "/me"


class TokenForm(Strict):
    """A service token as the page asks for it."""

    name: Name
    groups: Annotated[list[Group], Field(min_length=1, max_length=4)]
    days: Annotated[int, Field(ge=1, le=90)] = 30


class TokenShown(BaseModel):
    """A token of the list: never its secret."""

    model_config = {"arbitrary_types_allowed": True}
    token: ServiceToken
    may: list[Message]
    state: Message
    tone: str
    is_live: bool


@router.get("")
@example(Example(world="token", who="applicant", success=200, visibility="self"))
def profile_page(
    request: Request, subject: SubjectDep, session: ReadSessionDep, done: str = ""
) -> Response:
    user = service.own(session, subject)
    return _profile(request, session, subject, _settings_form(user), done=done)


@router.post("", status_code=303)
@example(
    Example(
        world="accounts",
        who="reviewer",
        success=303,
        visibility="self",
        event="auth:user:preferences_changed",
        body={"language": "en", "is_large_type": "true"},
    )
)
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
@example(Example(world="accounts", who="reviewer", success=200, visibility="self"))
def password_page(
    request: Request,
    subject: SubjectDep,
    session: ReadSessionDep,
    next: Annotated[str, Query(max_length=2_000)] = "/me",
) -> Response:
    return _password(request, service.own(session, subject), Form.of({"next": own_path(next)}))


@router.post("/password", status_code=303)
@example(
    Example(
        world="accounts",
        who="reviewer",
        success=303,
        visibility="self",
        event="auth:user:password_changed",
        body=lambda world: {
            "old_password": world.password("reviewer"),
            "new_password": "青城 河套 草原 云中 2026",
            "again": "青城 河套 草原 云中 2026",
        },
    )
)
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
@example(
    Example(
        world="accounts",
        who="reviewer",
        success=303,
        visibility="self",
        event="auth:session:ended",
        body={},
    )
)
def end_sessions(own: Own, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """End the named session, or without a name all but this one."""
    named = _named(form.text("session"))
    if named is None:
        service.end_others(session, own.subject, own.object)
    else:
        service.end_one(session, own.subject, own.object, named)
    return RedirectResponse(once.keep_redirect("/me?done=sessions#sessions"), 303)


@router.get("/tokens/new")
@example(
    Example(
        world="accounts", who="applicant", success=200, visibility="self", forbidden="registrar"
    )
)
def new_token_page(request: Request, subject: SubjectDep) -> Response:
    authorize(subject, Action.TOKEN_ISSUE, _tokens_of(subject))
    return _new_token(request, Form.of({"groups": ["find", "fetch"], "days": 30}))


@router.post("/tokens/new", status_code=201)
@example(
    Example(
        world="accounts",
        who="applicant",
        success=201,
        visibility="self",
        forbidden="registrar",
        event="auth:token:issued",
        body={"name": "夜间取数", "groups": ["find", "fetch"], "days": "30"},
    )
)
def issue_token(
    request: Request, subject: SubjectDep, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """The answer shows the token; sent twice, the second leads to the list without it."""
    subject = authorize(subject, Action.TOKEN_ISSUE, _tokens_of(subject))
    try:
        wanted = form.parse(TokenForm)
        longest = settings().token_days
        if wanted.days > longest:
            raise FormInvalid(form.flawed("days", _("Choose at most %(days)s days", days=longest)))
    except FormInvalid as invalid:
        start_over(session)
        return _new_token(request, invalid.form, status=422)
    scopes = frozenset().union(*(GROUPS[group][1] for group in wanted.groups))
    issued = tokens.issue(
        session, subject, name=wanted.name, scopes=frozenset(scopes), days=wanted.days
    )
    once.keep_redirect("/me?done=token#tokens")
    text = json.dumps(
        {"endpoint": settings().control_origin, "token": issued.secret},
        ensure_ascii=False,
        indent=2,
    )
    encoded = base64.b64encode(f"{text}\n".encode()).decode()
    values = {
        "token": issued.token,
        "secret": issued.secret,
        "profile": text,
        "endpoint": settings().control_origin,
        "download": f"data:application/json;base64,{encoded}",
    }
    return page(request, "profile/token.html", values, status=201)


@router.post("/tokens/{token_id}/revocation", status_code=303)
@example(
    Example(
        world="token",
        who="applicant",
        success=303,
        visibility="self",
        stranger="registrar",
        path={"token_id": lambda world: world.token_id},
        event="auth:token:revoked",
        body={},
    )
)
def revoke_token(
    found: Annotated[Authorized[ServiceToken], may(Action.TOKEN_REVOKE, token_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> Response:
    tokens.revoke(session, found.subject, found.object)
    return RedirectResponse(once.keep_redirect("/me?done=revoked#tokens"), 303)


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
        "once_key": uuid7().hex,
        "roles": [role.label for role in Role if role in subject.roles],
        "languages": [(Language.ZH_CN.value, "中文"), (Language.EN.value, "English")],
        "sessions": shown_sessions(session, subject),
        "tokens": _shown(session, subject),
        "may_issue": is_allowed(subject, Action.TOKEN_ISSUE, _tokens_of(subject)),
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
        "once_key": uuid7().hex,
        "is_temporary": user.is_password_temporary,
        "next": own_path(form.text("next", "/me")),
    }
    return page(request, "profile/password.html", values, status=status, headers=headers)


def _new_token(request: Request, form: Form, *, status: int = 200) -> Response:
    groups = [(name, words) for name, (words, _actions) in GROUPS.items()]
    values = {
        "form": form.gathered("groups"),
        "labels": LABELS,
        "groups": groups,
        "longest": settings().token_days,
        "once_key": uuid7().hex,
    }
    return page(request, "profile/token_new.html", values, status=status)


def _shown(session: Session, subject: Subject) -> list[TokenShown]:
    moment, shown = moment_of(session), []
    for token in of_user(session, subject.user_id):
        held = frozenset(token.scopes)
        words = [text for text, actions in GROUPS.values() if actions <= held]
        rest = held - {
            str(action)
            for _text, actions in GROUPS.values()
            if actions <= held
            for action in actions
        }
        words += [Message("%(action)s", {"action": action}) for action in sorted(rest)]
        state, tone = _("Valid"), "success"
        if token.revoked_at is not None:
            state, tone = _("Token revoked"), "neutral"
        elif token.expires_at <= moment:
            state, tone = _("Expired"), "neutral"
        shown.append(
            TokenShown(token=token, may=words, state=state, tone=tone, is_live=tone == "success")
        )
    return shown


def _tokens_of(subject: Subject) -> Place:
    return Place("Tokens", f"auth:{subject.account}", {"owner": str(subject.user_id)})


def _named(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
