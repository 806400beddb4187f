"""Examples of the addresses that monitoring asks."""

from fixtures.example import Example

_PUBLIC = Example(world="accounts", who="applicant", visibility="public")

EXAMPLES = {
    "GET /healthz": _PUBLIC,
    "GET /readyz": _PUBLIC,
    "GET /metrics": _PUBLIC,
}
