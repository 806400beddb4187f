"""From exceptions to answers: problem+json for programs, words for
people; refusals go to the trail first.
"""

from urllib.parse import quote, urlsplit

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from auth.errors import Denial, NotVisible, PasswordTemporary
from auth.guard import record_denial
from server.process.hidden import is_hidden, nothing_there
from server.process.outages import outage_of, sqlstate_of
from shuqiao import disk, meters
from shuqiao.deadline import DeadlinePassed
from shuqiao.errors import (
    BadRequest,
    Forbidden,
    Invalid,
    NotFound,
    ShuqiaoError,
    Unauthenticated,
    Unavailable,
)
from shuqiao.i18n import _
from shuqiao.idempotency import Replay
from shuqiao.reasons import database_error
from shuqiao.web.engine import show, wants_fragment
from shuqiao.web.error_pages import EndedPart, error_page
from shuqiao.web.paths import own_path
from shuqiao.web.problem import problem_response
from shuqiao.web.validation import field_errors
from shuqiao.web.visits import LimitReached

log = structlog.get_logger("failures")


class MethodNotAllowed(ShuqiaoError):
    status, code, title = 405, "method_not_allowed", _("This address does not take this method")


def install(app: FastAPI) -> None:
    """Register every handler on ``app``."""
    app.add_exception_handler(Replay, _replay)
    app.add_exception_handler(ShuqiaoError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _starlette)
    app.add_exception_handler(DataError, _impossible_value)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(Exception, _unexpected)


def wants_page(request: Request) -> bool:
    """Whether a person in a browser asked."""
    is_program = request.url.path.startswith(("/api/", "/healthz", "/readyz", "/metrics"))
    return not is_program and "text/html" in request.headers.get("accept", "")


def answer(
    request: Request, error: ShuqiaoError, headers: dict[str, str] | None = None
) -> Response:
    """The error in the form the caller reads: who sent a form of ours to where no pages are is sent
    back to the page that says it in words.
    """
    if told_at := getattr(request.state, "told_at", None):
        return RedirectResponse(f"{told_at}?refused={error.code}", 303)
    if not wants_page(request):
        return problem_response(error, headers)
    if isinstance(error, PasswordTemporary):
        return RedirectResponse("/me/password", 303)
    if isinstance(error, Unauthenticated) and error.code == Unauthenticated.code:
        return _to_sign_in(request)
    return error_page(request, error, headers=headers)


def _to_sign_in(request: Request) -> Response:
    """To the sign-in page and back.

    A form whose session has ended is told that nothing of it was stored.

    A part of a page that scripts ask for stays where it is, with what was typed around it: it shows
    the words only.
    """
    has_ended = getattr(request.state, "has_ended", False)
    if wants_fragment(request):
        return show(request, EndedPart())
    if request.method in ("GET", "HEAD"):
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(target)}", 303)
    came_from = own_path(_path_of(request.headers.get("referer", "")))
    return RedirectResponse(
        f"/sign-in?next={quote(came_from)}" + ("&done=ended" if has_ended else ""), 303
    )


def _path_of(address: str) -> str:
    """Path and query of the page a form was on; the page's address is
    of this service or the browser hid it.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, ShuqiaoError)
    headers = dict(error.headers)
    if isinstance(error, NotFound) and not isinstance(error, NotVisible) and is_hidden(request):
        error = nothing_there(request)
    if isinstance(error, Denial) and hasattr(error, "subject"):
        try:
            headers |= await run_in_threadpool(record_denial, error)
        except (OperationalError, InterfaceError, PoolTimeout) as failure:
            return await _database(request, failure)
        except (DeadlinePassed, LimitReached) as instead:
            return await _known(request, instead)
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    if error.retry_after is not None:
        headers["retry-after"] = str(error.retry_after)
    return answer(request, error, headers)


async def _replay(request: Request, error: Exception) -> Response:
    assert isinstance(error, Replay)
    headers = {"idempotency-replayed": "true"}
    if error.status == 303:
        return RedirectResponse(error.answer["location"], 303, headers)
    if error.whole is not None:
        return Response(error.whole.body, error.status, {**error.whole.headers, **headers})
    return JSONResponse(error.answer, error.status, headers)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return answer(request, Invalid(errors=field_errors(error.errors())))


async def _starlette(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kinds: dict[int, type[ShuqiaoError]] = {403: Forbidden, 404: NotFound, 405: MethodNotAllowed}
    kind = kinds.get(error.status_code, BadRequest if error.status_code < 500 else ShuqiaoError)
    return answer(request, kind(), dict(error.headers or {}))


async def _impossible_value(request: Request, error: Exception) -> Response:
    """A value no column can hold, for example a NUL in an address: the
    caller's fault, found only by the database.
    """
    return answer(request, BadRequest())


async def _database(request: Request, error: Exception) -> Response:
    """The database is away, too slow or refused a lock: nothing was
    recorded, so nothing was done.
    """
    if found := disk.refusal_of(error):
        return _no_disk(request, found)
    outage, kind = outage_of(error), type(database_error(error) or error).__name__
    meters.DATABASE_FAILURES.labels(outage.code).inc()
    log.error(
        "database",
        code=outage.code,
        sqlstate=sqlstate_of(error),
        error=kind,
        path=request.url.path,
    )
    return answer(request, outage, {"retry-after": str(outage.retry_after)})


def _no_disk(request: Request, found: Unavailable) -> Response:
    """A disk, ours or the database's, is full or failing: nothing was kept of what was begun."""
    meters.DISK_REFUSALS.labels(found.code).inc()
    log.error("disk", code=found.code, path=request.url.path)
    return answer(request, found, {"retry-after": str(found.retry_after)})


class Faults:
    """Pure ASGI middleware, the innermost: answers a fault of ours
    while language, request id and headers still hold.

    What Starlette calls for unhandled exceptions runs outside of all middleware. The fault is
    raised on, so that servers and tests see it; Starlette sends nothing more once an answer has
    begun.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except ClientDisconnect:
            log.info("caller_left", path=scope["path"])  # in the middle of a body; nobody to answer
        except Exception as error:
            if not has_begun:
                answered = await _unexpected(Request(scope), error)
                await answered(scope, receive, send)
                if disk.refusal_of(error) is not None:
                    return  # told, and no fault of ours
            raise


async def _unexpected(request: Request, error: Exception) -> Response:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return await _database(request, error)
    if found := disk.refusal_of(error):
        return _no_disk(request, found)
    log.exception("unexpected", path=request.url.path, exc_info=error)
    return answer(request, ShuqiaoError())
