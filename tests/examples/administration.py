"""Examples of departments and accounts, for the three administrators."""

from fixtures.example import Example, sample

from auth.administration.schemas import (
    DepartmentCreate,
    DepartmentRename,
    RolesAssign,
    Suspension,
    UserCreate,
)

_APPLICANT = {"account": "applicant"}
#: The provider of all worlds.
_PROVIDER = {"code": "11150000009900021B"}

_NEW_USER = Example(
    world="accounts",
    who="system_admin",
    visibility="owner",
    forbidden="security_admin",
    body=sample(UserCreate),
    event="auth:user:created",
)
_USER = Example(
    world="accounts",
    who="security_admin",
    visibility="owner",
    stranger="registrar",
    path=_APPLICANT,
)
_ROLES = Example(
    world="accounts",
    who="security_admin",
    visibility="owner",
    forbidden="system_admin",
    stranger="registrar",
    path=_APPLICANT,
    body=sample(RolesAssign),
    event="auth:user:roles_assigned",
)
_SUSPENSION = Example(
    world="accounts",
    who="system_admin",
    visibility="owner",
    forbidden="security_admin",
    stranger="registrar",
    path=_APPLICANT,
    body=sample(Suspension),
    event="auth:user:suspended",
)
_RESTORATION = Example(
    world="suspended_account",
    who="system_admin",
    visibility="owner",
    forbidden="security_admin",
    stranger="registrar",
    path=_APPLICANT,
    event="auth:user:restored",
)
_PASSWORD_RESET = Example(
    world="accounts",
    who="system_admin",
    visibility="owner",
    forbidden="security_admin",
    stranger="registrar",
    path=_APPLICANT,
    event="auth:user:password_reset",
)
_UNLOCK = Example(
    world="locked_account",
    who="security_admin",
    visibility="owner",
    forbidden="system_admin",
    stranger="registrar",
    path=_APPLICANT,
    event="auth:user:unlocked",
)
_SESSIONS_ENDED = Example(
    world="accounts",
    who="security_admin",
    visibility="owner",
    forbidden="system_admin",
    stranger="registrar",
    path=_APPLICANT,
    event="auth:session:ended",
)
_DEPARTMENTS = Example(
    world="accounts", who="audit_admin", visibility="owner", forbidden="applicant"
)
_NEW_DEPARTMENT = Example(
    world="accounts",
    who="system_admin",
    visibility="owner",
    forbidden="security_admin",
    body=sample(DepartmentCreate),
    event="auth:department:created",
)
_DEPARTMENT = Example(
    world="accounts",
    who="security_admin",
    visibility="owner",
    forbidden="applicant",
    path=_PROVIDER,
)
_RENAMING = Example(
    world="accounts",
    who="system_admin",
    visibility="owner",
    forbidden="security_admin",
    path=_PROVIDER,
    body=sample(DepartmentRename),
    event="auth:department:renamed",
)

EXAMPLES = {
    "users_list": Example(
        world="accounts",
        who="audit_admin",
        visibility="owner",
        forbidden="applicant",
        query={"q": "head"},
    ),
    "users_create": _NEW_USER,
    "POST /admin/users/new": _NEW_USER,
    "users_show": _USER,
    "GET /admin/users/{account}": _USER,
    "users_assign_roles": _ROLES,
    "POST /admin/users/{account}/roles": _ROLES,
    "users_suspend": _SUSPENSION,
    "POST /admin/users/{account}/suspension": _SUSPENSION,
    "users_restore": _RESTORATION,
    "POST /admin/users/{account}/restoration": _RESTORATION,
    "users_reset_password": _PASSWORD_RESET,
    "POST /admin/users/{account}/password": _PASSWORD_RESET,
    "users_unlock": _UNLOCK,
    "POST /admin/users/{account}/unlock": _UNLOCK,
    "users_end_sessions": _SESSIONS_ENDED,
    "POST /admin/users/{account}/sessions": _SESSIONS_ENDED,
    "GET /admin/departments": _DEPARTMENTS,
    "departments_create": _NEW_DEPARTMENT,
    "POST /admin/departments": _NEW_DEPARTMENT,
    "GET /admin/departments/{code}": _DEPARTMENT,
    "departments_rename": _RENAMING,
    "POST /admin/departments/{code}": _RENAMING,
    "GET /admin/users": Example(
        world="accounts",
        who="audit_admin",
        visibility="owner",
        forbidden="applicant",
        query={"q": "head", "role": "sharing_head"},
    ),
    "GET /admin/users/new": Example(
        world="accounts", who="system_admin", visibility="owner", forbidden="security_admin"
    ),
    "GET /admin/users/{account}/suspension": Example(
        world="accounts",
        who="system_admin",
        visibility="owner",
        forbidden="security_admin",
        stranger="registrar",
        path=_APPLICANT,
    ),
}
