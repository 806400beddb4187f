"""One example for every route: who may call it with what, who may not, and what it must cause.

The access tests are derived from these. An example lives on the endpoint function, so it never
reaches the OpenAPI document::

    @router.post("/requests/{no}/consents", status_code=201)
    @example(Example(world="request_in_own_consent", who="gongan_sharing_head", success=201, …))
    def consent(…): …
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Visibility = Literal["owner", "parties", "all_departments", "public", "self"]
#: Gives a value from the world the example plays in (numbers and ids
#: are only known once it exists).
FromWorld = Callable[[Any], Any]

_ATTRIBUTE: Final = "__example__"
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A call that must succeed, and the calls around it that must not.

    ``world`` names the fixture state; ``who``, ``forbidden`` (sees it, may not: 403) and
    ``stranger`` (must not know of it: 404) are account keys of that world. Values of ``path``,
    ``query``, ``body`` and ``files`` may be callables taking the world. ``if_match`` asks for the
    object's current version in ``If-Match``. ``event`` is the audit tag the call must leave.
    """

    world: str
    who: str
    success: int
    visibility: Visibility
    path: Mapping[str, str | FromWorld] = field(default_factory=lambda: _NOTHING)
    query: Mapping[str, str | FromWorld] = field(default_factory=lambda: _NOTHING)
    body: Mapping[str, Any] | FromWorld | None = None
    files: Mapping[str, tuple[str, bytes, str]] | FromWorld | None = None
    headers: Mapping[str, str | FromWorld] = field(default_factory=lambda: _NOTHING)
    if_match: bool = False
    forbidden: str | None = None
    stranger: str | None = None
    event: str | None = None

    def resolved(self, part: Any, world: Any) -> Any:
        """``part`` with every callable in it (at the top or one level
        down) replaced by what it gives for ``world``.
        """
        if callable(part):
            return part(world)
        if isinstance(part, Mapping):
            return {
                name: value(world) if callable(value) else value for name, value in part.items()
            }
        return part


def example(declared: Example) -> Callable[[Endpoint], Endpoint]:
    """Attach ``declared`` to an endpoint function; put it below the router's decorator."""

    def attach(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _ATTRIBUTE, declared)
        return endpoint

    return attach


def example_of(route: Any) -> Example | None:
    """The example of a route (anything with ``endpoint``) or of an
    endpoint function; None when there is none.
    """
    found = getattr(getattr(route, "endpoint", route), _ATTRIBUTE, None)
    return found if isinstance(found, Example) else None
