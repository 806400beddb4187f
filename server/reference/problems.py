"""Which errors a call may answer, and what they look like: one shared
response a status, an example in each.
"""

from collections.abc import Iterator
from typing import Any, Final

from auth.sessions.errors import SignInRefused
from server.reference.facts import RouteFacts
from shuqiao.context import Locale, working_on
from shuqiao.disk import StorageFull
from shuqiao.errors import (
    BadRequest,
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    ShuqiaoError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from shuqiao.i18n import Message, _
from shuqiao.web.body_limit import BodyTooSlow
from shuqiao.web.problem import MEDIA_TYPE, problem

REQUEST_ID: Final = "019a9e5c6f4b7d2c8f10c0ffee00d15e"
_UNTOLD: Final = _("This is required"), _("Fill it in.")
#: Status → the error of the tree that stands for it.
KINDS: Final[dict[int, ShuqiaoError]] = {
    error.status: error
    for error in (
        BadRequest(),
        Unauthenticated(),
        Forbidden(),
        NotFound(),
        Conflict(),
        PreconditionFailed(),
        BodyTooSlow(),
        TooLarge(),
        UnsupportedMedia(),
        Invalid(errors=[FieldError("/title", "missing", *_UNTOLD)]),
        PreconditionRequired(),
        TooManyRequests(),
        Unavailable(),
        StorageFull(),
    )
}
#: Operation → statuses that its shape does not tell: attempts that are
#: counted, versions that the body names.
_FURTHER: Final[dict[str, tuple[int, ...]]] = {
    "departments_rename": (412,),
    "users_assign_roles": (412,),
    "seat_changes_propose": (412,),
    "seat_changes_confirm": (412,),
}
_EVENT_HEADERS: Final = ("Shuqiao-Event-Id", "Shuqiao-Leaf-Hash")
_HEADERS: Final[dict[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    403: _EVENT_HEADERS,
    429: ("Retry-After",),
    503: ("Retry-After",),
    507: ("Retry-After",),
}


def statuses(facts: RouteFacts, *, has_body: bool, has_parameters: bool) -> list[int]:
    """The error statuses this call may answer, ascending: 400 always, for a parameter that it does
    not take, 429 for too much of it.
    """
    return sorted(set(_statuses(facts, has_body, has_parameters)))


def _statuses(facts: RouteFacts, has_body: bool, has_parameters: bool) -> Iterator[int]:
    yield from (400, 401, 429, 503) if facts.is_safe else (400, 401, 429, 503, 507)
    if not facts.is_public and (facts.action is not None or not facts.is_safe):
        yield 403
    if has_body or has_parameters or facts.takes_key:
        yield 422
    if has_body:
        yield from (408, 413, 415)
    if "{" in facts.path:
        yield from (404,) if facts.is_safe else (404, 409)
    yield from _FURTHER.get(facts.operation_id, ())
    if facts.takes_key:
        yield from (404, 409) if has_body else (409,)
    if facts.takes_version:
        yield from (409, 412, 428)


def reference(status: int) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{name(status)}"}


def name(status: int) -> str:
    """The component's name, that of the error: ``NotFound`` for 404."""
    return type(KINDS[status]).__name__


def components(language: Locale) -> dict[str, Any]:
    """The shared error responses in ``language``."""
    with working_on(request_id=REQUEST_ID, locale=language):
        return {name(status): _response(error) for status, error in KINDS.items()}


def _response(error: ShuqiaoError) -> dict[str, Any]:
    shown = {"problem": {"summary": str(error.title), "value": problem(error)}}
    if error.status == 401:
        shown["refused"] = {"summary": str(SignInRefused.title), "value": problem(SignInRefused())}
    headers = {
        each: {"$ref": f"#/components/headers/{each}"} for each in _HEADERS.get(error.status, ())
    }
    return {
        "description": str(error.title),
        "headers": {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}, **headers},
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": shown}
        },
    }


def schemas() -> dict[str, Any]:
    """``Problem`` (RFC 9457) and ``ProblemField``: one entry for each
    field that needs correction.
    """
    text = {"type": "string"}
    field: dict[str, Any] = {
        "type": "object",
        "description": str(_PROBLEM_FIELD),
        "required": ["pointer", "code", "detail", "fix"],
        "additionalProperties": False,
        "properties": {
            "pointer": {**text, "description": str(_POINTER)},
            "code": {**text, "description": str(_FIELD_CODE)},
            "detail": {**text, "description": str(_DETAIL)},
            "fix": {**text, "description": str(_FIX)},
        },
    }
    whole: dict[str, Any] = {
        "type": "object",
        "description": str(_PROBLEM),
        "additionalProperties": False,
        "required": ["type", "title", "status", "code", "request_id"],
        "properties": {
            "type": {**text, "format": "uri-reference", "description": str(_TYPE)},
            "title": {**text, "description": str(_TITLE)},
            "status": {
                "type": "integer",
                "minimum": 400,
                "maximum": 599,
                "description": str(_STATUS),
            },
            "detail": {**text, "description": str(_DETAIL)},
            "code": {**text, "description": str(_CODE)},
            "request_id": {**text, "description": str(_REQUEST_ID)},
            "errors": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/ProblemField"},
                "description": str(_ERRORS),
            },
            "who_can_help": {"type": "array", "items": text, "description": str(_WHO)},
            "see": {**text, "format": "uri-reference", "description": str(_SEE)},
        },
    }
    return {"Problem": whole, "ProblemField": field}


_PROBLEM: Final[Message] = _("An error as a problem document (RFC 9457), in the reader's language")
_PROBLEM_FIELD: Final[Message] = _("One field that needs correction")
_POINTER: Final[Message] = _(
    "Where in what was sent: a JSON pointer as URI fragment, for example #/items/0/name"
)
_FIELD_CODE: Final[Message] = _("Stable code of the mistake")
_DETAIL: Final[Message] = _("What happened, in words")
_FIX: Final[Message] = _("How to mend it")
_TYPE: Final[Message] = _("Address of the page that explains this code")
_TITLE: Final[Message] = _("The kind of error, in words")
_STATUS: Final[Message] = _("HTTP status, repeated")
_CODE: Final[Message] = _("Stable code; write programs against it, never against the words")
_REQUEST_ID: Final[Message] = _(
    "Number of this call in the logs and the trail; name it when you ask for help"
)
_ERRORS: Final[Message] = _("One entry for each field that needs correction")
_WHO: Final[Message] = _("Roles that may do what was refused, in words")
_SEE: Final[Message] = _("Page of the case that stands in the way")
