"""From a request to its subject: cookie or bearer token, form token for
browsers, one language per answer.

The look-up uses a short session of its own that is closed before the route's session opens, so that
no request ever holds two connections.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request

from auth.accounts.service.subjects import Found
from auth.errors import CsrfMissing, PasswordTemporary
from auth.sessions.service import sessions
from auth.tokens import service as tokens
from shuqiao.db import reading, unit_of_work
from shuqiao.errors import Unauthenticated
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.bodies import FORMS, media_type, sent_form

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: What somebody with a one-time password may do: choose another, or leave.
_BEFORE_A_PASSWORD = frozenset(
    {
        "/me/password",
        "/sign-out",
        "/sign-in",
        "/api/v1/me",
        "/api/v1/me/password",
        "/api/v1/sessions/current",
    }
)


def cookie_name() -> str:
    return "sq" if settings().has_plain_cookie else "__Host-sq"


async def form_fields(request: Request) -> AsyncIterator[dict[str, Any]]:
    """Fields of a form sent by a signed-in browser; empty for anything else.

    Files in it are closed when the answer is out, also when the form is refused before a route
    reads it.
    """
    if cookie_name() not in request.cookies or media_type(request.headers) not in FORMS:
        yield {}
        return
    async with sent_form(request) as sent:
        yield dict(sent)


def identify(request: Request, fields: Annotated[dict[str, Any], Depends(form_fields)]) -> Subject:
    """The subject, anonymous when nobody signed in.

    Raises ``CsrfMissing`` for an unsafe request without token.
    """
    authorization = request.headers.get("authorization", "")
    if authorization:
        with reading() as session:
            found = tokens.find(session, authorization.removeprefix("Bearer ").strip())
        subject = _taken(request, found)
    else:
        subject = _from_cookie(request, fields)
    request.state.subject = subject
    if (
        getattr(request.state, "is_password_temporary", False)
        and request.url.path not in _BEFORE_A_PASSWORD
    ):
        raise PasswordTemporary
    return subject


def _from_cookie(request: Request, fields: dict[str, Any]) -> Subject:
    cookie = request.cookies.get(cookie_name())
    if not cookie:
        return Subject.anonymous()
    with reading() as session:
        found = sessions.find(session, cookie)
    if found is None:
        request.state.has_ended = True
        return Subject.anonymous()
    subject = _taken(request, found)
    if found.is_stale:
        with unit_of_work() as session:
            sessions.touch(session, subject)
    request.state.csrf_token = sessions.csrf_token(cookie)
    if request.method not in _SAFE:
        check_origin(request)
        sent = request.headers.get("x-csrf-token") or fields.get("csrf_token")
        if not sessions.is_csrf_token(cookie, sent if isinstance(sent, str) else None):
            raise CsrfMissing
    return subject


def _taken(request: Request, found: Found | None) -> Subject:
    """Whoever comes in by whichever door: the wall of the one-time password stands behind both."""
    if found is None:
        return Subject.anonymous()
    request.state.is_password_temporary = found.is_password_temporary
    return found.subject


def check_origin(request: Request) -> None:
    """A browser that names a foreign origin is refused even with a valid form token.

    Raises ``CsrfMissing``.
    """
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise CsrfMissing
    origin = request.headers.get("origin")
    if (
        origin
        and origin != "null"
        and origin.rstrip("/").split("://")[-1] != request.headers.get("host", "")
    ):
        raise CsrfMissing


MaybeSubjectDep = Annotated[Subject, Depends(identify)]


def signed_in(subject: MaybeSubjectDep) -> Subject:
    """Somebody, or 401 (pages: a redirect to the sign-in page)."""
    if subject.auth == "anonymous":
        raise Unauthenticated
    return subject


SubjectDep = Annotated[Subject, Depends(signed_in)]
