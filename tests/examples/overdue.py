"""Examples of what is overdue."""

from fixtures.example import Example

_LIST = Example(
    world="submitted_request", who="data_admin", visibility="owner", forbidden="registrar"
)

EXAMPLES = {
    "overdue_list": _LIST,
    "GET /overdue": _LIST,
    "GET /overdue/export": _LIST,
}
