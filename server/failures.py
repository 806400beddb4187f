"""From exceptions to answers: problem+json for programs, words for people; refusals go to the trail first."""

from urllib.parse import quote

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from auth.errors import NotAllowed, NotVisible
from auth.guard import record_denial
from shuqiao.errors import BadRequest, Forbidden, Invalid, NotFound, ShuqiaoError, Unauthenticated, Unavailable
from shuqiao.i18n import _
from shuqiao.idempotency import Replay
from shuqiao.web.engine import error_page
from shuqiao.web.problem import problem_response
from shuqiao.web.validation import field_errors

log = structlog.get_logger("failures")


class MethodNotAllowed(ShuqiaoError):
    status, code, title = 405, "method_not_allowed", _("This address does not take this method")


class AuditUnavailable(Unavailable):
    code = "audit_unavailable"


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


def answer(request: Request, error: ShuqiaoError, headers: dict[str, str] | None = None) -> Response:
    """The error in the form the caller reads."""
    if not wants_page(request):
        return problem_response(error, headers)
    if isinstance(error, Unauthenticated) and error.code == Unauthenticated.code:
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        is_page = request.method == "GET"
        return RedirectResponse(f"/sign-in?next={quote(target)}" if is_page else "/sign-in", 303)
    return error_page(request, error, headers=headers)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, ShuqiaoError)
    headers: dict[str, str] = {}
    if isinstance(error, NotAllowed | NotVisible) and hasattr(error, "decision"):
        try:
            recorded = await run_in_threadpool(record_denial, error)
        except (OperationalError, InterfaceError, PoolTimeout) as failure:
            return await _database(request, failure)
        headers = {"shuqiao-event-id": str(recorded.event_id), "shuqiao-leaf-hash": recorded.leaf_hash}
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    if error.status in (429, 503):
        headers["retry-after"] = "5"
    return answer(request, error, headers)


async def _replay(request: Request, error: Exception) -> Response:
    assert isinstance(error, Replay)
    headers = {"idempotency-replayed": "true"}
    if error.status == 303:
        return RedirectResponse(error.answer["location"], 303, headers)
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
    """A value no column can hold, for example a NUL in an address: the caller's fault, found only by the database."""
    return answer(request, BadRequest())


async def _database(request: Request, error: Exception) -> Response:
    """The database is away, too slow or refused a lock: nothing was recorded, so nothing was done."""
    log.error("database", error=type(error).__name__, path=request.url.path)
    return answer(request, AuditUnavailable(), {"retry-after": "5"})


async def _unexpected(request: Request, error: Exception) -> Response:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return await _database(request, error)
    log.exception("unexpected", path=request.url.path, exc_info=error)
    return answer(request, ShuqiaoError())
