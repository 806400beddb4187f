"""Examples of the help."""

from fixtures.example import Example

EXAMPLES = {
    "GET /help": Example(world="accounts", who="applicant", visibility="public"),
    "GET /help/{topic}": Example(
        world="accounts", who="applicant", visibility="public", path={"topic": "accessibility"}
    ),
}
