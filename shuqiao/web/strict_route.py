"""Routes that take what they declare and nothing else, asked before anybody is identified.

The parameters of the address are checked by :mod:`shuqiao.web.parameters`, JSON bodies go through
:mod:`shuqiao.strict_json` before FastAPI sees them; bodies of forms and uploads pass untouched. Use
``APIRouter(route_class=StrictRoute)``.
"""

from collections.abc import Callable, Coroutine
from email.message import Message as MediaType
from typing import Any, Final

from fastapi import params
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from shuqiao import strict_json
from shuqiao.errors import UnsupportedMedia
from shuqiao.i18n import _
from shuqiao.web import parameters

#: Kept in the request's state: what stores the finished answer with its effect.
KEEPING: Final = "keeping"
Keep = Callable[[Response], None]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class StrictRequest(Request):
    """A request whose JSON was read already."""

    value: Any = None

    async def json(self) -> Any:
        return self.value


class StrictRoute(APIRoute):
    """400 for other parameters, 415 for another content type than
    ``application/json``, 400/413/422 from the reader.
    """

    def get_route_handler(self) -> Handler:
        plain, known = super().get_route_handler(), parameters.declared(self.dependant)
        takes_json = self.body_field is not None and not isinstance(
            self.body_field.field_info, params.Form
        )

        async def strict(request: Request) -> Response:
            parameters.refuse_others(request.query_params, known)
            body = await request.body() if takes_json else b""
            if body:
                refuse_other_media(request.headers.get("content-type"))
                request = StrictRequest(request.scope, request.receive)
                request.value = strict_json.read(body)
                request._body = body  # what Request.body() itself caches; the stream has been read
            keeping: list[Keep] = []
            setattr(request.state, KEEPING, keeping)
            response = await plain(request)
            for keep in keeping:  # still within the transaction of the effect
                await run_in_threadpool(keep, response)
            return response

        return strict


def refuse_other_media(content_type: str | None) -> None:
    """Raises ``UnsupportedMedia`` unless ``content_type`` is JSON in
    UTF-8 (RFC 8259: the only encoding).
    """
    media = MediaType()
    media["content-type"] = content_type or "missing/missing"
    kind = media.get_content_type()
    charset = (media.get_content_charset() or "utf-8").replace("_", "-")
    if kind != "application/json" and not (
        kind.startswith("application/") and kind.endswith("+json")
    ):
        raise UnsupportedMedia(_("Send the body as application/json."))
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMedia(_("JSON is always UTF-8; leave the charset out or say utf-8."))
