"""Examples of how data keeps to its standards."""

from dataclasses import replace

from fixtures.example import RESOURCE, Example

_EDITION = {**RESOURCE, "number": "1"}
_SHOW = Example(
    world="checked_edition", who="applicant", visibility="all_departments", path=_EDITION
)
_VALUES = Example(
    world="checked_edition",
    who="registrar",
    visibility="all_departments",
    forbidden="applicant",
    path=_EDITION,
)
_DRAFT = Example(
    world="checked_draft",
    who="registrar",
    visibility="parties",
    stranger="applicant",
    path=RESOURCE,
)
_DRAFT_VALUES = replace(_DRAFT, forbidden="head")

EXAMPLES = {
    "resources_edition_conformity": _SHOW,
    "GET /resources/{code}/editions/{number}/conformity": _SHOW,
    "resources_edition_failures": _VALUES,
    "GET /resources/{code}/editions/{number}/conformity/failures": _VALUES,
    "GET /resources/{code}/editions/{number}/conformity/failures.csv": _VALUES,
    "resources_conformity": _DRAFT,
    "GET /resources/{code}/conformity": _DRAFT,
    "resources_failures": _DRAFT_VALUES,
    "GET /resources/{code}/conformity/failures": _DRAFT_VALUES,
    "GET /resources/{code}/conformity/failures.csv": _DRAFT_VALUES,
}
