"""From a request to its subject: cookie or bearer token, form token for
browsers, one language per answer.

No request ever holds two connections: the look-up is the first statement of the transaction in
which a guard reads its object, and is otherwise over before the route's own session opens.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from auth.accounts.service.subjects import Found
from auth.errors import CsrfMissing, PasswordTemporary
from auth.sessions.service import sessions
from auth.tokens import service as tokens
from shuqiao.db import ReadSessionDep, let_go, read_session, reading, unit_of_work
from shuqiao.errors import Unauthenticated
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web import visits
from shuqiao.web.bodies import FORMS, close_form, first_texts, media_type

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


#: What is asked before a form is read, where no page says it in its first fields.
_IN_HEADERS = frozenset({"x-csrf-token", "idempotency-key"})
#: Whether the route of an endpoint goes on reading, found out at its first request.
_READERS: dict[Any, bool] = {}


def cookie_name() -> str:
    return "sq" if settings().has_plain_cookie else "__Host-sq"


def looked_up(request: Request, session: ReadSessionDep) -> Found | None:
    """Whom the header or, without one, the cookie names; nothing of the body is read for it."""
    authorization = request.headers.get("authorization", "")
    if authorization:
        found = tokens.find(session, authorization.removeprefix("Bearer ").strip())
        if not _goes_on_reading(request):
            let_go(session)
        return found
    cookie = request.cookies.get(cookie_name())
    if not cookie:
        return None
    found = sessions.find(session, cookie)
    if found is None or found.is_stale or not _goes_on_reading(request):
        let_go(session)
    if found is None:
        request.state.has_ended = True
    elif found.is_stale:
        with unit_of_work() as writing:
            sessions.touch(writing, found.subject)
    return found


async def is_known(scope: Scope) -> bool:
    """Whether a live session or token sent this, before any route asks who: a large body is read of
    nobody else.
    """
    return await run_in_threadpool(_is_known, Request(scope))


def _is_known(request: Request) -> bool:
    authorization = request.headers.get("authorization", "")
    cookie = request.cookies.get(cookie_name())
    with reading() as session:
        if authorization:
            return tokens.find(session, authorization.removeprefix("Bearer ").strip()) is not None
        return cookie is not None and sessions.find(session, cookie) is not None


FoundDep = Annotated[Found | None, Depends(looked_up)]


async def form_fields(request: Request, found: FoundDep) -> AsyncIterator[dict[str, str]]:
    """Fields of a form sent by a browser with a live session, up to the first file; empty for
    anything else, of which nothing is read.

    A file is removed when the answer is out, also when the form is refused before a route reads it.
    """
    is_told = set(request.headers) >= _IN_HEADERS
    if (
        found is None
        or is_told
        or "authorization" in request.headers
        or request.method in _SAFE
        or media_type(request.headers) not in FORMS
    ):
        yield {}
        return
    request.state.subject = found.subject  # known, so that more than a little is read
    try:
        yield dict(await first_texts(request))
    finally:
        await close_form(request)


async def identify(
    request: Request,
    found: FoundDep,
    fields: Annotated[dict[str, str], Depends(form_fields)],
) -> Subject:
    """The subject, anonymous when nobody signed in. Waits for nothing but what its parts wait for.

    Raises ``CsrfMissing`` for an unsafe request without token.
    """
    subject = _taken(request, found)
    if found is not None and not request.headers.get("authorization"):
        _check_form_token(request, fields)
    request.state.subject = subject
    if subject.user_id is not None:
        visits.identified(str(subject.user_id))
    if (
        getattr(request.state, "is_password_temporary", False)
        and request.url.path not in _BEFORE_A_PASSWORD
    ):
        raise PasswordTemporary
    return subject


def _check_form_token(request: Request, fields: dict[str, str]) -> None:
    cookie = request.cookies[cookie_name()]
    request.state.csrf_token = sessions.csrf_token(cookie)
    if request.method not in _SAFE:
        check_origin(request)
        sent = request.headers.get("x-csrf-token") or fields.get("csrf_token")
        if not sessions.is_csrf_token(cookie, sent):
            raise CsrfMissing


def _goes_on_reading(request: Request) -> bool:
    """Whether a guard of this route reads its object next, in the session of the look-up.

    Where no guard reads, the route may write before it reads: its session must find no other open.
    """
    endpoint = request.scope.get("endpoint")
    if request.method not in _SAFE or endpoint is None:
        return False
    if endpoint not in _READERS:
        _READERS[endpoint] = _has_reading_guard(request.scope["route"].dependant)
    return _READERS[endpoint]


def _has_reading_guard(dependant: Dependant, *, is_guarded: bool = False) -> bool:
    return any(
        (is_guarded and each.call is read_session)
        or _has_reading_guard(each, is_guarded=is_guarded or hasattr(each.call, "__guards__"))
        for each in dependant.dependencies
        if each.call not in (signed_in, identify, looked_up)  # the look-up itself
    )


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
    if origin and origin.rstrip("/").split("://")[-1] != request.headers.get("host", ""):
        raise CsrfMissing  # "null", too: our own pages send their origin (Referrer-Policy)


MaybeSubjectDep = Annotated[Subject, Depends(identify)]


async def signed_in(subject: MaybeSubjectDep) -> Subject:
    """Somebody, or 401 (pages: a redirect to the sign-in page).

    Waits for nothing, so it is no thread's work; nor are the guards.
    """
    if subject.auth == "anonymous":
        raise Unauthenticated
    return subject


SubjectDep = Annotated[Subject, Depends(signed_in)]
