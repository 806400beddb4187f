"""Examples of one's own account: settings, password, sessions, tokens."""

from typing import Any

from fixtures.example import Example, sample

from auth.profile.schemas import PasswordChange, Preferences, TokenCreate

_OWN = Example(world="accounts", who="reviewer", visibility="self")
_SESSIONS_ENDED = Example(
    world="accounts", who="reviewer", visibility="self", event="auth:session:ended"
)
_TOKENS = Example(world="token", who="applicant", visibility="self")
_REVOCATION = Example(
    world="token",
    who="applicant",
    visibility="self",
    stranger="registrar",
    path={"token_id": lambda world: world.token_id},
    event="auth:token:revoked",
)


def _password(world: Any) -> dict[str, Any]:
    return {**sample(PasswordChange), "old_password": world.password("reviewer")}


EXAMPLES = {
    "me_preferences": _OWN,
    "me_sessions": _OWN,
    "GET /me/password": _OWN,
    "me_set_preferences": Example(
        world="accounts",
        who="reviewer",
        visibility="self",
        body=sample(Preferences),
        event="auth:user:preferences_changed",
    ),
    "me_change_password": Example(
        world="accounts",
        who="reviewer",
        visibility="self",
        body=_password,
        event="auth:user:password_changed",
    ),
    "me_end_sessions": _SESSIONS_ENDED,
    "POST /me/sessions": _SESSIONS_ENDED,
    "me_end_session": Example(
        world="accounts",
        who="reviewer",
        visibility="self",
        path={"session_id": "00000000-0000-7000-8000-000000000000"},
        event="auth:session:ended",
    ),
    "tokens_list": _TOKENS,
    "GET /me": _TOKENS,
    "tokens_issue": Example(
        world="accounts",
        who="applicant",
        visibility="self",
        forbidden="approver",
        body=sample(TokenCreate),
        event="auth:token:issued",
    ),
    "tokens_revoke": _REVOCATION,
    "POST /me/tokens/{token_id}/revocation": _REVOCATION,
    "POST /me": Example(
        world="accounts",
        who="reviewer",
        visibility="self",
        body={"language": "en", "is_large_type": "true"},
        event="auth:user:preferences_changed",
    ),
    "POST /me/password": Example(
        world="accounts",
        who="reviewer",
        visibility="self",
        body=lambda world: {**_password(world), "again": _password(world)["new_password"]},
        event="auth:user:password_changed",
    ),
    "GET /me/tokens/new": Example(
        world="accounts", who="applicant", visibility="self", forbidden="approver"
    ),
    "POST /me/tokens/new": Example(
        world="accounts",
        who="applicant",
        visibility="self",
        forbidden="approver",
        body={"name": "夜间取数", "scopes": ["catalog:read", "data:fetch"], "days": "30"},
        event="auth:token:issued",
    ),
}
