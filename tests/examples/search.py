"""Examples of searching the catalogue."""

from fixtures.example import Example

_SEARCH = Example(
    world="published_resource", who="applicant", visibility="all_departments", query={"q": "学校"}
)

EXAMPLES = {
    "catalog_search": _SEARCH,
    "GET /catalog": _SEARCH,
    "GET /catalog/export": Example(
        world="published_resource",
        who="applicant",
        visibility="all_departments",
        query={"q": "学校", "format": "csv"},
    ),
}
