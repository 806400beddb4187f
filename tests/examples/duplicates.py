"""Examples of proposals for binding, and of binding."""

from typing import Any

from fixtures.example import RESOURCE, Example
from fixtures.registering import entry
from fixtures.worlds import World

_LOOK = Example(
    world="likely_elements",
    who="registrar",
    visibility="owner",
    forbidden="head",
    stranger="applicant",
    path=RESOURCE,
)


def _binding(world: World) -> tuple[str, str]:
    return str(entry(world).items[1].id), "DE-000002"


def _body(world: World) -> dict[str, Any]:
    item, element = _binding(world)
    return {"bindings": [{"item": item, "element": element}]}


def _form(world: World) -> dict[str, Any]:
    return {"bind": "/".join(_binding(world))}


def _bind(body: Any) -> Example:
    return Example(
        world="likely_elements",
        who="registrar",
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path=RESOURCE,
        body=body,
        if_match=True,
        event="catalog:resource:edited",
    )


EXAMPLES = {
    "binding_proposals_list": _LOOK,
    "bindings_make": _bind(_body),
    "GET /resources/{code}/bindings": _LOOK,
    "POST /resources/{code}/bindings": _bind(_form),
}
