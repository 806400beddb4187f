"""What is not there is refused exactly as what may not be known."""

from fastapi.dependencies.models import Dependant
from starlette.requests import Request

from audit.append import ObjectRef
from auth.denials import service as denials
from auth.errors import NotVisible
from policies.actions import Action
from policies.decide import DEFAULT_DENY, Decision
from policies.rulebook import rulebook


def is_hidden(request: Request) -> bool:
    """Whether nothing may be told of what this request asks for: somebody signed in was not let to
    the object that its address names.
    """
    state = request.state
    subject = getattr(state, "subject", None)
    return (
        subject is not None
        and subject.user_id is not None
        and bool(request.path_params)
        and asked_of(request) is not None
        and not getattr(state, "is_let_in", False)
    )


def nothing_there(request: Request) -> NotVisible:
    """The refusal of what is not there, told and written like that of what may not be known.

    It is named by its route: what was typed is kept nowhere.
    """
    action, subject = asked_of(request), request.state.subject
    route = f"{request.method} {_address(request)}"
    refusal = NotVisible()
    refusal.about(
        subject,
        action or "",
        Decision(False, (DEFAULT_DENY,), (), rulebook().policy_hash),
        ObjectRef("Nothing", route[:120]),
        denials.stream_of(subject.account),
    )
    return refusal


def _address(request: Request) -> str:
    """The address as the routes tell it, whatever was put into its holes."""
    own = str(getattr(request.scope["route"], "path", "")).strip("/").split("/")
    sent = request.url.path.strip("/").split("/")
    return "/" + "/".join([*sent[: len(sent) - len(own)], *own])


def asked_of(request: Request) -> Action | None:
    """The action that a guard of the request's route asks for, if there is one."""
    route = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    return None if dependant is None else _guarded(dependant)


def _guarded(dependant: Dependant) -> Action | None:
    found = (
        getattr(each.call, "__guards__", None) or _guarded(each) for each in dependant.dependencies
    )
    return next((action for action in found if action is not None), None)
