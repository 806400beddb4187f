"""Pages of signing in (登录) and out (退出)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import Query
from pydantic import BeforeValidator, Field
from starlette.responses import RedirectResponse, Response

from auth.identify import MaybeSubjectDep
from auth.sessions.errors import SignInLocked, SignInRefused
from auth.sessions.service import sessions
from auth.sign_in.access import (
    THREADS,
    HadCookie,
    OwnOrigin,
    attempt,
    drop_cookie,
    set_cookie,
)
from auth.sign_in.schemas import SignIn
from shuqiao.db import SessionDep
from shuqiao.i18n import Message, _
from shuqiao.settings import settings
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page import Page
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paths import START, own_path
from shuqiao.web.preferences import store

router = PageRouter()

LABELS: Final[Mapping[str, Message]] = {"account": _("Account"), "password": _("Password")}


def _harmless(sent: object) -> object:
    """Stray blanks and full-width letters of an account name do no harm."""
    return unicodedata.normalize("NFKC", sent).strip() if isinstance(sent, str) else sent


class SignInForm(SignIn):
    """What the page sends: the credentials, and where the person was going."""

    account: Annotated[str, BeforeValidator(_harmless), Field(min_length=1, max_length=40)]
    next: str = START


@dataclass(frozen=True, slots=True)
class SignInPage(Page):
    """``next``: where the person was going. ``done``: why they are here."""

    template = "sign_in/sign_in.html"
    form: Form
    labels: Mapping[str, Message]
    next: str
    done: str


def sign_in_again(form: Form) -> SignInPage:
    return SignInPage(form, LABELS, own_path(form.text("next", START)), "")


@router.page("/sign-in")
def ask_to_sign_in(
    subject: MaybeSubjectDep,
    next: Annotated[str, Query(max_length=2_000)] = START,
    done: str = "",
) -> SignInPage:
    """The form; for somebody signed in, the way on and the way out."""
    return SignInPage(Form(), LABELS, own_path(next), done)


@router.form("/sign-in", again=sign_in_again, also=[SignInRefused, SignInLocked])
async def sign_in(own: OwnOrigin, form: FormDep, had: HadCookie) -> Response:
    """Open a session and go on to where the person was going; a refusal
    keeps the account typed, never the password.
    """
    sent = form.parse(SignInForm)
    try:
        signed_in = await THREADS.run(attempt, sent.account, sent.password, had)
    except SignInRefused:
        detail = _("Account or password is wrong. Check both, then try again.")
        raise SignInRefused(detail) from None
    target = own_path(sent.next)
    answer = RedirectResponse(
        f"/me/password?next={quote(target)}" if signed_in.is_password_temporary else target, 303
    )
    set_cookie(answer, signed_in.cookie)
    store(answer, signed_in.preferences, secure=not settings().has_plain_cookie)
    return answer


@router.form("/sign-out")
def sign_out(subject: MaybeSubjectDep, session: SessionDep) -> Response:
    """End the session; where it has ended already there is nothing left to refuse."""
    answer = RedirectResponse("/sign-in?done=out", 303)
    if subject.auth == "session":
        sessions.end(session, subject)
    drop_cookie(answer)
    return answer
