"""The error tree.

Everything the client raises on purpose carries the members of the service's problem (RFC 9457).

ShuqiaoError
├── ProfileRefused           no profile, or one that must not be used
├── NotSignedIn 401          token missing, expired or revoked
├── NotAllowed 403           seen but not allowed; ``detail`` names the rules
│   ├── GrantNotLive         the grant is pending, revoked or expired
│   └── ColumnNotGranted     another column was asked for
├── NotFound 404             not there, or not to be known
│   └── NoActiveGrant        nothing granted for this resource
├── Conflict 409             the state does not allow it
│   └── Changed 412          somebody else changed it: load it again
├── Invalid 400, 422         ``errors`` names each field
├── SeveralGrants            name the grant
├── Unavailable 502–504      or not to be reached; ``retry_after`` in seconds
│   └── DataDamaged          the stored rows are damaged; waiting does not help
├── StorageFull 507          no room on the service's disk; ``retry_after`` in seconds
├── TooManyRequests 429
├── UnsafeAddress            the token would go where it must not
├── StreamCut                a data stream without its end
├── ReceiptDiffers           a data stream that is not what its receipt says
└── LibraryMissing           an optional library is not installed
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: JSON pointer (``#/items/0``),
    stable code, what happened, how to mend it.
    """

    pointer: str
    code: str
    detail: str
    fix: str


class ShuqiaoError(Exception):
    """Base of the tree.

    ``code`` is stable, ``title`` and ``detail`` are in the reader's language.
    """

    default_code: ClassVar[str] = "failed"

    def __init__(
        self,
        detail: str = "",
        *,
        title: str = "",
        status: int | None = None,
        code: str = "",
        errors: Sequence[FieldError] = (),
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail or title or code or self.default_code)
        self.detail, self.title, self.status = detail, title, status
        self.code = code or self.default_code
        self.errors = tuple(errors)
        self.request_id, self.retry_after = request_id, retry_after

    def to_problem(self) -> dict[str, Any]:
        """The members as a problem object, without the empty ones."""
        members = {
            "code": self.code,
            "title": self.title or str(self),
            "status": self.status,
            "detail": self.detail,
            "errors": [asdict(error) for error in self.errors],
            "request_id": self.request_id,
        }
        return {name: value for name, value in members.items() if value}


class ProfileRefused(ShuqiaoError):
    default_code = "profile_refused"


class NotSignedIn(ShuqiaoError):
    default_code = "not_signed_in"


class NotAllowed(ShuqiaoError):
    default_code = "not_allowed"


class GrantNotLive(NotAllowed):
    default_code = "grant_not_live"


class ColumnNotGranted(NotAllowed):
    default_code = "column_not_granted"


class NotFound(ShuqiaoError):
    default_code = "not_found"


class NoActiveGrant(NotFound):
    default_code = "no_active_grant"


class Conflict(ShuqiaoError):
    default_code = "conflict"


class Changed(Conflict):
    default_code = "changed_meanwhile"


class Invalid(ShuqiaoError):
    default_code = "invalid"


class SeveralGrants(ShuqiaoError):
    default_code = "several_grants"


class Unavailable(ShuqiaoError):
    default_code = "unavailable"


class DataDamaged(Unavailable):
    default_code = "snapshot_damaged"


class StorageFull(ShuqiaoError):
    default_code = "storage_full"


class TooManyRequests(ShuqiaoError):
    default_code = "too_many_requests"


class UnsafeAddress(ShuqiaoError):
    default_code = "unsafe_address"


class StreamCut(ShuqiaoError):
    default_code = "stream_cut"


class ReceiptDiffers(ShuqiaoError):
    default_code = "receipt_differs"


class LibraryMissing(ShuqiaoError):
    default_code = "library_missing"


_BY_CODE: Final[Mapping[str, type[ShuqiaoError]]] = {
    kind.default_code: kind for kind in (GrantNotLive, ColumnNotGranted, DataDamaged)
}
_BY_STATUS: Final[Mapping[int, type[ShuqiaoError]]] = {
    400: Invalid,
    401: NotSignedIn,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    412: Changed,
    422: Invalid,
    429: TooManyRequests,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
    507: StorageFull,
}


def from_problem(
    status: int, problem: Mapping[str, Any], retry_after: float | None = None
) -> ShuqiaoError:
    """The error for an answer of ``status`` with these problem members;
    members that are missing are empty.
    """
    code = str(problem.get("code", ""))
    kind = _BY_CODE.get(code) or _BY_STATUS.get(status, ShuqiaoError)
    raw = problem.get("errors")
    return kind(
        str(problem.get("detail", "")),
        title=str(problem.get("title", "")),
        status=status,
        code=code,
        errors=[_field_error(each) for each in raw if isinstance(each, dict)]
        if isinstance(raw, list)
        else (),
        request_id=str(problem.get("request_id", "")),
        retry_after=retry_after,
    )


def _field_error(raw: Mapping[str, Any]) -> FieldError:
    return FieldError(*(str(raw.get(name, "")) for name in ("pointer", "code", "detail", "fix")))
