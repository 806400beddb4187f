"""What a route asks of its caller, read from its own dependencies: nothing is said twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from auth.identify import signed_in
from auth.once import once
from auth.tokens.words import Scope, giving
from policies.actions import Action
from shuqiao.web.etags import asked_version

#: About the caller's own browser session; a token has none.
SESSION_ONLY: Final = frozenset({"sessions_close", "tokens_list"})


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """One operation: who is asked for, under which action, with which headers."""

    operation_id: str
    method: str
    path: str
    action: Action | None
    is_public: bool
    takes_key: bool
    takes_version: bool
    #: The schema of the JSON that is sent, a pydantic model; None: nothing is.
    body: Any
    #: Status of the answer when all is well.
    success: int

    @property
    def is_safe(self) -> bool:
        return self.method == "GET"

    @property
    def takes_token(self) -> bool:
        """Whether a service token can do this; what is left to people is in no scope."""
        if self.operation_id in SESSION_ONLY:
            return False
        return self.action is None or bool(self.scopes)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """Any of these a service token needs for it; none where no action is asked for."""
        return giving(self.action) if self.action is not None else ()


def facts_of(app: FastAPI) -> dict[str, RouteFacts]:
    """Every operation of the document by its id, in the order of the routes."""
    found = (_facts(context) for context in iter_route_contexts(app.routes))
    return {facts.operation_id: facts for facts in found if facts is not None}


def _facts(context: Any) -> RouteFacts | None:
    route = context.original_route
    if not isinstance(route, APIRoute) or route.operation_id is None:
        return None
    asked = list(_calls(route.dependant))
    guards = (found for call in asked if (found := getattr(call, "__guards__", None)) is not None)
    method = next(iter(route.methods or ()))
    return RouteFacts(
        operation_id=route.operation_id,
        method=method,
        path=context.path,
        action=next(guards, None),
        is_public=signed_in not in asked,
        takes_key=once in asked,
        takes_version=asked_version in asked,
        body=route.body_field.field_info.annotation if route.body_field else None,
        success=route.status_code or 200,
    )


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)
