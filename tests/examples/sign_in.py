"""Examples of signing in and out."""

from fixtures.example import Example

_SIGN_IN = Example(
    world="accounts",
    who="applicant",
    visibility="public",
    body=lambda world: {
        "account": world.account("applicant"),
        "password": world.password("applicant"),
    },
    event="auth:session:opened",
)
_SIGN_OUT = Example(
    world="accounts", who="applicant", visibility="self", event="auth:session:closed"
)

EXAMPLES = {
    "sessions_open": _SIGN_IN,
    "POST /sign-in": _SIGN_IN,
    "sessions_close": _SIGN_OUT,
    "POST /sign-out": _SIGN_OUT,
    "me_show": Example(world="accounts", who="reviewer", visibility="self"),
    "GET /sign-in": Example(world="accounts", who="applicant", visibility="public"),
}
