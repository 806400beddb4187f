"""Examples of tasks and messages."""

from fixtures.example import Example

_TASKS = Example(world="asked_request", who="consumer_head", visibility="self")
_MESSAGES = Example(world="active_grant", who="applicant", visibility="self")

EXAMPLES = {
    "todos_list": _TASKS,
    "GET /desk": _TASKS,
    "messages_list": _MESSAGES,
    "POST /desk/messages/reads": _MESSAGES,
}
