"""Examples of the start page and the pages of problems."""

from fixtures.example import Example

EXAMPLES = {
    "GET /": Example(world="accounts", who="applicant", visibility="public"),
    "GET /problems/{code}": Example(
        world="accounts", who="applicant", visibility="public", path={"code": "changed_meanwhile"}
    ),
}
