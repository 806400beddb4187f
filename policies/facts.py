"""What a decision is made from: plain values about who asks and about the thing asked for.

Departments and people appear as the text of their id, and an absent one as ``""``: a null never
reaches a rule.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from policies.roles import Role

#: One attribute of a thing: text, flag, number or set of texts.
Fact = str | bool | int | frozenset[str]

#: The roles an account can hold. A rule that names another one is refused at start-up.
ROLES: frozenset[str] = frozenset(role.value for role in Role)

#: The words that rules may compare an attribute with, by type and attribute.
#: A misspelt status would otherwise be a rule that silently never applies. The stages lie above, so
#: a test holds these against their words.
VOCABULARY: Mapping[tuple[str, str], frozenset[str]] = {
    ("Scope", "name"): frozenset(
        {
            "catalog:read",
            "data:fetch",
            "requests:write",
            "desk:read",
            "catalog:write",
            "catalog:review",
        }
    ),
    ("DataElement", "status"): frozenset(
        {"draft", "recorded", "standard", "superseded", "retired"}
    ),
    ("DataResource", "status"): frozenset(
        {"draft", "in_review", "returned", "published", "taken_down"}
    ),
    ("DataResource", "share_type"): frozenset({"unconditional", "conditional", "withheld"}),
    ("ShareRequest", "status"): frozenset(
        {
            "draft",
            "own_consent",
            "submitted",
            "reply_prepared",
            "approved",
            "partly_approved",
            "refused",
            "withdrawn",
        }
    ),
    ("Grant", "status"): frozenset(
        {
            "pending_delivery",
            "active",
            "suspended",
            "expired",
            "revoked",
            "terminated",
        }
    ),
}


class UnusableFacts(ValueError):
    """Facts no decision can be made from: an empty id, or one that could be mistaken for syntax."""


@dataclass(frozen=True, slots=True)
class PrincipalFacts:
    """Who asks.

    ``scopes`` bind only when ``all_scopes`` is false, that is, when a service token is in use.
    ``department_ended``: an act ended the department (机构改革).
    """

    id: str
    department: str
    roles: frozenset[str]
    scopes: frozenset[str]
    all_scopes: bool
    department_ended: bool = False


@dataclass(frozen=True, slots=True)
class ResourceFacts:
    """The thing asked for. ``attributes`` holds exactly what the schema declares for ``type``."""

    type: str
    id: str
    attributes: Mapping[str, Fact]


def entity_id(text: str) -> str:
    """``text`` if it can be an entity id: 1 to 300 printable characters without quote or backslash.

    Raises ``UnusableFacts`` otherwise. Ids here are UUIDs and public numbers; one with a quote in
    it is an attack or a fault, and either way not something to decide on.
    """
    if not 0 < len(text) <= 300 or '"' in text or "\\" in text or not text.isprintable():
        raise UnusableFacts("an id is empty, too long or not plain text")
    return text


def entities_json(principal: PrincipalFacts, resource: ResourceFacts | None = None) -> str:
    """The Cedar entity document of one decision (of one list: without ``resource``)."""
    entities = [_entity("User", principal.id, _principal_attributes(principal))]
    if resource is not None:
        entities.append(
            _entity(
                resource.type, resource.id, {k: _plain(v) for k, v in resource.attributes.items()}
            )
        )
    return json.dumps(entities)


def _principal_attributes(principal: PrincipalFacts) -> dict[str, object]:
    return {
        "id": principal.id,
        "department": principal.department,
        "roles": sorted(principal.roles),
        "scopes": sorted(principal.scopes),
        "all_scopes": principal.all_scopes,
        "department_ended": principal.department_ended,
    }


def _entity(kind: str, ident: str, attributes: Mapping[str, object]) -> dict[str, object]:
    return {"uid": {"type": kind, "id": entity_id(ident)}, "attrs": attributes, "parents": []}


def _plain(value: Fact) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
