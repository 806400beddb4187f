"""Examples of proposals for binding, and of binding."""

from typing import Any

from fixtures.example import RESOURCE, SUSPICION, Example, sample
from fixtures.registering import entry
from fixtures.worlds import World

from catalog.duplicates.schemas import DismissalCreate

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


#: The version of the draft in that state: a body that is sent again is the same.
_SEEN = 4


def _drafts(world: World) -> dict[str, Any]:
    code = world.resource_code
    return {"entries": [{"resource_code": code, "version": _SEEN, **_body(world)}]}


def _drafts_form(world: World) -> dict[str, Any]:
    return {"chosen": "/".join((world.resource_code, str(_SEEN), *_binding(world)))}


def _of_drafts(body: Any = None) -> Example:
    """Of the own department alone: others see their own."""
    return Example(
        world="likely_elements",
        who="registrar",
        visibility="owner",
        forbidden="applicant",
        body=body,
        event="catalog:resource:edited" if body else None,
    )


_LIST = Example(world="suspected_duplicate", who="registrar", visibility="parties")
_SHOW = Example(
    world="suspected_duplicate",
    who="data_admin",
    visibility="parties",
    stranger="applicant",
    path=SUSPICION,
)
_DISMISS = Example(
    world="suspected_duplicate",
    who="registrar",
    visibility="parties",
    forbidden="head",
    stranger="applicant",
    path=SUSPICION,
    body=sample(DismissalCreate),
    event="catalog:duplicate:dismissed",
)

_SIMILAR = Example(
    world="draft_resource", who="registrar", visibility="owner", stranger="applicant", path=RESOURCE
)

EXAMPLES = {
    "similar_entries_list": _SIMILAR,
    "binding_proposals_list": _LOOK,
    "bindings_make": _bind(_body),
    "drafts_binding_proposals": _of_drafts(),
    "drafts_bind": _of_drafts(_drafts),
    "GET /bindings": _of_drafts(),
    "POST /bindings": _of_drafts(_drafts_form),
    "GET /resources/{code}/bindings": _LOOK,
    "POST /resources/{code}/bindings": _bind(_form),
    "duplicates_list": _LIST,
    "GET /duplicates": _LIST,
    "GET /duplicates/export": _LIST,
    "duplicates_show": _SHOW,
    "GET /duplicates/{suspicion}": _SHOW,
    "duplicates_dismiss": _DISMISS,
    "POST /duplicates/{suspicion}/dismissals": _DISMISS,
}
