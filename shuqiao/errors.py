"""The error tree.

Each class has one HTTP status and one stable code; a stage adds its own in its ``errors.py``.

ShuqiaoError
├── BadRequest 400          malformed
├── Unauthenticated 401     nobody signed in
├── Forbidden 403           seen but not allowed
├── NotFound 404            not there, or not to be known
├── Conflict 409            the state does not allow it
├── PreconditionFailed 412  somebody else changed it
├── TooLarge 413 · UnsupportedMedia 415
├── Invalid 422             well-formed but against the rules
├── PreconditionRequired 428 · TooManyRequests 429
└── Unavailable 503         cannot be recorded, so it is not done
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from shuqiao.i18n import Message, _


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: RFC 6901 pointer, stable code, what
    happened, how to mend it.
    """

    pointer: str
    code: str
    detail: Message
    fix: Message


class ShuqiaoError(Exception):
    """Base of everything we raise on purpose.

    ``facts`` go to the log and the audit event, never to the caller.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    title: ClassVar[Message] = _("Something went wrong on our side")
    #: What a person can do about it; None: what the status says.
    advice: ClassVar[Message | None] = None
    #: Header fields of the answer that this kind of error, or this very one, brings along.
    headers: Mapping[str, str] = MappingProxyType({})
    #: Seconds to wait, told as ``Retry-After``; None: waiting does not help.
    retry_after: int | None = None
    #: Roles that could do what was refused, for the error page and for programs.
    who_can_help: Sequence[Message] = ()
    #: The page of the case that stands in the way, where the caller may open it.
    see: str = ""

    def __init__(
        self, detail: Message | None = None, *, errors: Sequence[FieldError] = (), **facts: Any
    ) -> None:
        super().__init__((detail or self.title).render("en"))
        self.detail = detail
        self.errors = tuple(errors)
        self.facts = facts


class BadRequest(ShuqiaoError):
    status, code, title = 400, "malformed", _("The request could not be read")


class Unauthenticated(ShuqiaoError):
    status, code, title = 401, "not_signed_in", _("Please sign in")


class Forbidden(ShuqiaoError):
    status, code, title = 403, "forbidden", _("You may not do this")


class NotFound(ShuqiaoError):
    status, code, title = 404, "not_found", _("Not found")


class Conflict(ShuqiaoError):
    status, code, title = 409, "conflict", _("This is not possible in the present state")


class PreconditionFailed(ShuqiaoError):
    status, code, title = (
        412,
        "changed_meanwhile",
        _("Somebody changed this in the meantime; load it again"),
    )


class TooLarge(ShuqiaoError):
    status, code, title = 413, "too_large", _("Too large")


class UnsupportedMedia(ShuqiaoError):
    status, code, title = 415, "unsupported_media", _("This kind of content is not accepted here")


class Invalid(ShuqiaoError):
    status, code, title = 422, "invalid", _("Some entries need correction")


class PreconditionRequired(ShuqiaoError):
    status, code, title = (
        428,
        "if_match_required",
        _("Say which version you are changing (If-Match)"),
    )


class TooManyRequests(ShuqiaoError):
    status, code, title = 429, "too_many_requests", _("Too many attempts; please wait")
    retry_after = 5


class Unavailable(ShuqiaoError):
    status, code, title = (
        503,
        "unavailable",
        _("The service cannot record this at the moment, so nothing was done"),
    )
    retry_after: int | None = 5


def known_codes() -> dict[str, type[ShuqiaoError]]:
    """Every stable error code with the error it names; of a family that
    shares a code, the first.
    """
    found: dict[str, type[ShuqiaoError]] = {}
    waiting: list[type[ShuqiaoError]] = [ShuqiaoError]
    while waiting:
        kind = waiting.pop(0)
        found.setdefault(kind.code, kind)
        waiting.extend(kind.__subclasses__())
    return found
