"""Examples of the editions of an entry's data and of its renewal on schedule."""

from dataclasses import replace

from fixtures.example import RESOURCE, Example, sample

from catalog.editions.schemas import RefreshUpdate

_EDITION = {**RESOURCE, "number": "2"}
_READ = Example(
    world="published_resource", who="applicant", visibility="all_departments", path=RESOURCE
)
_CHECK = Example(
    world="held_edition",
    who="registrar",
    visibility="all_departments",
    forbidden="head",
    path=_EDITION,
    if_match=True,
    versioned="/resources/{code}/editions/{number}",
    event="catalog:edition:check_asked",
)
_DROP = replace(_CHECK, event="catalog:edition:dropped")
_REFRESH = Example(
    world="copied_table",
    who="registrar",
    visibility="all_departments",
    forbidden="head",
    path=RESOURCE,
)
_SWITCH = replace(
    _REFRESH,
    body=sample(RefreshUpdate),
    if_match=True,
    versioned="/resources/{code}/refresh",
    event="catalog:refresh:set",
)

EXAMPLES = {
    "resources_editions": _READ,
    "resources_show_edition": replace(_READ, path={**RESOURCE, "number": "1"}),
    "resources_check_edition": _CHECK,
    "resources_drop_edition": _DROP,
    "resources_show_refresh": _REFRESH,
    "resources_set_refresh": _SWITCH,
    "GET /resources/{code}/editions": _REFRESH,
    "POST /resources/{code}/editions/{number}/checks": replace(_CHECK, body={}),
    "POST /resources/{code}/editions/{number}/drops": replace(_DROP, body={}),
    "POST /resources/{code}/refresh": replace(_SWITCH, body={"is_on": "true"}),
}
