"""Pages of signing in (登录) and out (退出)."""

import unicodedata
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from pydantic import BeforeValidator, Field
from starlette.responses import RedirectResponse, Response

from auth.identify import MaybeSubjectDep, check_origin
from auth.sessions.errors import SignInLocked, SignInRefused
from auth.sessions.service import sessions
from auth.sign_in.access import attempt, drop_cookie, set_cookie
from auth.sign_in.schemas import SignIn
from shuqiao.db import SessionDep
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paths import START, own_path
from shuqiao.web.preferences import store

router = APIRouter()

LABELS: Final = {"account": _("Account"), "password": _("Password")}


def _harmless(sent: object) -> object:
    """Stray blanks and full-width letters of an account name do no harm."""
    return unicodedata.normalize("NFKC", sent).strip() if isinstance(sent, str) else sent


class SignInForm(SignIn):
    """What the page sends: the credentials, and where the person was going."""

    account: Annotated[str, BeforeValidator(_harmless), Field(min_length=1, max_length=40)]
    next: str = START


@router.get("/sign-in")
def sign_in_page(
    request: Request,
    subject: MaybeSubjectDep,
    next: Annotated[str, Query(max_length=2_000)] = START,
    done: str = "",
) -> Response:
    """The form; for somebody signed in, the way on and the way out."""
    here_as = subject if subject.auth != "anonymous" else None
    values = {
        "form": Form.of(),
        "labels": LABELS,
        "next": own_path(next),
        "done": done,
        "here_as": here_as,
    }
    return page(request, "sign_in/sign_in.html", values)


@router.post("/sign-in", status_code=303)
def sign_in(request: Request, form: FormDep) -> Response:
    """Open a session and go on to where the person was going; a refusal
    keeps the account typed, never the password.
    """
    check_origin(request)
    try:
        sent = form.parse(SignInForm)
        signed_in = attempt(sent.account, sent.password)
    except FormInvalid as invalid:
        return _again(request, invalid.form, 422)
    except SignInRefused as refused:
        detail = _("Account or password is wrong. Check both, then try again.")
        return _again(request, form.refused(SignInRefused(detail)), refused.status)
    except SignInLocked as locked:
        wait = {"Retry-After": str(locked.retry_after)}
        return _again(request, form.refused(locked), locked.status, wait)
    target = own_path(sent.next)
    answer = RedirectResponse(
        f"/me/password?next={quote(target)}" if signed_in.is_password_temporary else target, 303
    )
    set_cookie(answer, signed_in.cookie)
    store(answer, signed_in.preferences, secure=not settings().has_plain_cookie)
    return answer


@router.post("/sign-out", status_code=303)
def sign_out(subject: MaybeSubjectDep, session: SessionDep) -> Response:
    """End the session; where it has ended already there is nothing left to refuse."""
    answer = RedirectResponse("/sign-in?done=out", 303)
    if subject.auth == "session":
        sessions.end(session, subject)
    drop_cookie(answer)
    return answer


def _again(
    request: Request, form: Form, status: int, headers: dict[str, str] | None = None
) -> Response:
    going_to = own_path(form.text("next", START))
    values = {"form": form, "labels": LABELS, "next": going_to, "done": "", "here_as": None}
    return page(request, "sign_in/sign_in.html", values, status=status, headers=headers)
