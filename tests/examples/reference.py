"""Examples of the document of the API and its pages."""

from fixtures.example import Example

_PUBLIC = Example(world="accounts", who="applicant", visibility="public")

EXAMPLES = {
    "GET /api/v1/openapi.json": _PUBLIC,
    "GET /docs": _PUBLIC,
    "GET /docs/try": _PUBLIC,
    "GET /docs/operations/{operation_id}": Example(
        world="accounts",
        who="applicant",
        visibility="public",
        path={"operation_id": "requests_create"},
    ),
}
