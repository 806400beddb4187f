"""Errors on the wire: ``application/problem+json`` (RFC 9457), in the reader's language, without
the input.
"""

from typing import Any, Final

from starlette.responses import JSONResponse

from shuqiao import context
from shuqiao.errors import ShuqiaoError

MEDIA_TYPE: Final = "application/problem+json"


def problem(error: ShuqiaoError) -> dict[str, Any]:
    """The members of the problem: type, title, status, detail, code,
    request_id; errors of fields, who_can_help, see.
    """
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": str(error.title),
        "status": error.status,
        "code": error.code,
        "request_id": context.request_id(),
    }
    if error.detail is not None:
        body["detail"] = str(error.detail)
    if error.who_can_help:
        body["who_can_help"] = [str(role) for role in error.who_can_help]
    if error.see:
        body["see"] = error.see
    if error.errors:
        body["errors"] = [
            {
                "pointer": f"#{each.pointer}",
                "code": each.code,
                "detail": str(each.detail),
                "fix": str(each.fix),
            }
            for each in error.errors
        ]
    return body


def problem_response(error: ShuqiaoError, headers: dict[str, str] | None = None) -> JSONResponse:
    """The answer for ``error``; the language is that of the present context."""
    return JSONResponse(problem(error), error.status, headers, media_type=MEDIA_TYPE)
