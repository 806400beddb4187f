"""The one route of the data role, written down here: the control role
must never load the engine behind it.

A test holds this against what the data role itself declares.
"""

from typing import Any, Final

from auth.tokens.words import Scope
from exchange.deliveries.errors import NotAcceptable, PartRefused
from exchange.deliveries.schemas import MEDIA_TYPE
from policies.actions import Action
from server.reference import problems, samples
from shuqiao.context import Locale
from shuqiao.i18n import Message, _
from shuqiao.web.problem import MEDIA_TYPE as PROBLEM

PATH: Final = "/api/v1/grants/{no}/data"
OPERATION_ID: Final = "grants_data"
SUMMARY: Final[Message] = _("Fetch the granted data as an Arrow stream")
_ABOUT: Final[Message] = _(
    "Ask the address that the grant names in `data_url`. The stream ends with a receipt in the "
    "metadata of a last "
    "batch without rows: a stream without it was cut, and what arrived is not complete. It is sent "
    "whole each time, as a delivery of its own, whatever If-None-Match says."
)
_NO: Final[Message] = _("Public number, for example GR-2026-000123")
_COLUMN: Final[Message] = _("Only these granted columns")
_STREAM: Final[Message] = _("An Arrow IPC stream")
_TAG: Final[Message] = _(
    "Names the bytes: as long as it is the same, so are they; absent for live data"
)
_HEADERS: Final = (
    "Accept-Ranges",
    "RateLimit-Policy",
    "RateLimit",
    "Shuqiao-Delivery",
    "Shuqiao-Edition",
    "Shuqiao-Event-Id",
    "Shuqiao-Leaf-Hash",
    "X-Request-Id",
)


def operation(language: Locale, data_origin: str) -> dict[str, Any]:
    """The operation object; ``servers`` names the data role's address."""
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        "tags": ["data"],
        "operationId": OPERATION_ID,
        "summary": SUMMARY.render(language),
        "description": _ABOUT.render(language),
        "servers": [{"url": data_origin}],
        "x-action": str(Action.GRANT_FETCH),
        "security": [{"session": []}, {"bearer": [str(Scope.DATA_FETCH)]}],
        "parameters": _parameters(language),
        "responses": {
            "200": {
                "description": _STREAM.render(language),
                "headers": {
                    "ETag": {"description": _TAG.render(language), "schema": {"type": "string"}},
                    **{name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS},
                },
                "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
            },
            **{
                str(error.status): {
                    "description": error.title.render(language),
                    "content": {PROBLEM: problem},
                }
                for error in (NotAcceptable, PartRefused)
            },
            **{
                str(status): problems.reference(status)
                for status in (400, 401, 403, 404, 409, 422, 429, 503)
            },
        },
    }


def _parameters(language: Locale) -> list[dict[str, Any]]:
    return [
        {
            "name": "no",
            "in": "path",
            "required": True,
            "description": _NO.render(language),
            "schema": {"type": "string", "maxLength": 20},
            "example": samples.GRANT_NO,
        },
        {
            "name": "column",
            "in": "query",
            "required": False,
            "description": _COLUMN.render(language),
            "schema": {"type": "array", "items": {"type": "string"}, "maxItems": 200},
            "example": samples.PARAMETERS["column"],
        },
    ]
