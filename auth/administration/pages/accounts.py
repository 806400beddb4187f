"""Pages of accounts (账号), for the three administrators; each of them does only what is theirs."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.accounts.models import AppUser
from auth.administration import repository, service, views
from auth.administration.access import ACCOUNTS, account_seen, account_to_change
from auth.administration.schemas import RolesAssign, Suspension, UserCreate, Wanted
from auth.administration.service import create
from auth.administration.words import AccountState
from auth.guard import Authorized, is_allowed, may, may_at
from auth.once import Once, OnceDep
from auth.roles import ADMINISTRATORS, Role
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.errors import Conflict, Invalid
from shuqiao.i18n import Message, _
from shuqiao.ids import uuid7
from shuqiao.subject import Subject
from shuqiao.web.engine import page
from shuqiao.web.examples import Example, example
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paging import PageDep

router = APIRouter(prefix="/admin")

LABELS: Final[Mapping[str, Message]] = {
    "account": _("Account"),
    "name": _("Person's name"),
    "department_code": _("Department"),
    "roles": _("Roles"),
    "roles_before": _("Roles"),
    "reason": _("Reason"),
}
DONE: Final[Mapping[str, Message]] = {
    "roles": _("The roles have been assigned; the person signs in again to use them"),
    "suspended": _("The account has been suspended; sessions and tokens have ended"),
    "restored": _("The account has been restored"),
    "unlocked": _("Signing in has been unlocked"),
    "ended": _("All sessions of the account have ended"),
    "password": _("The one-time password was shown once; if it is lost, reset it again"),
}
_APPLICANT: Final = {"account": "applicant"}
#: What can be done with an account, by the name the template knows it under.
_ACTS: Final[Mapping[str, Action]] = {
    "assign": Action.ROLES_ASSIGN,
    "unlock": Action.ACCOUNT_UNLOCK,
    "end_sessions": Action.ACCOUNT_END_SESSIONS,
    "suspend": Action.ACCOUNT_SUSPEND,
    "restore": Action.ACCOUNT_RESTORE,
    "reset": Action.ACCOUNT_RESET_PASSWORD,
}

SeenAccount = Annotated[Authorized[AppUser], may(Action.ACCOUNT_READ, account_seen)]


class RolesForm(RolesAssign):
    """The same from check boxes: none ticked means no role."""

    roles: Annotated[list[Role], Field(max_length=11)] = Field(default_factory=list)
    roles_before: Annotated[list[Role], Field(max_length=11)] = Field(default_factory=list)


@router.get("/users")
@example(
    Example(
        world="accounts",
        who="audit_admin",
        success=200,
        visibility="owner",
        forbidden="applicant",
        query={"q": "head", "role": "sharing_head"},
    )
)
def users_page(
    request: Request,
    subject: Annotated[Subject, may_at(Action.ACCOUNT_LIST, ACCOUNTS)],
    session: ReadSessionDep,
    asked: PageDep,
    q: Annotated[str, Query(max_length=100)] = "",
    department: Annotated[str, Query(max_length=18)] = "",
    role: Annotated[str, Query(max_length=40)] = "",
    state: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Accounts by name; what is looked for stays in the address."""
    wanted = Wanted(
        q,
        department,
        Role(role) if role in set(Role) else None,
        AccountState(state) if state in set(AccountState) else None,
    )
    rows, following = views.page(session, wanted, asked)
    values = {
        "rows": rows,
        "total": repository.count(session, wanted),
        "is_filtered": wanted != Wanted(),
        "form": Form.of({"q": q, "department": department, "role": role, "state": state}),
        "departments": views.departments(session),
        "roles": list(Role),
        "states": list(AccountState),
        "next_href": asked.href(following) if following else "",
        "is_first": asked.after is None,
        "may_create": is_allowed(subject, Action.ACCOUNT_CREATE, ACCOUNTS),
    }
    return page(request, "administration/users.html", values)


@router.get("/users/new")
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=200,
        visibility="owner",
        forbidden="security_admin",
    )
)
def new_user_page(
    request: Request,
    subject: Annotated[Subject, may_at(Action.ACCOUNT_CREATE, ACCOUNTS)],
    session: ReadSessionDep,
    department: Annotated[str, Query(max_length=18)] = "",
) -> Response:
    return _new_user(request, session, Form.of({"department_code": department}))


@router.post("/users/new", status_code=201)
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=201,
        visibility="owner",
        forbidden="security_admin",
        event="auth:user:created",
        body={"account": "zhao.liu", "name": "赵六", "department_code": "11150000009900021B"},
    )
)
def create_user(
    request: Request,
    subject: Annotated[Subject, may_at(Action.ACCOUNT_CREATE, ACCOUNTS)],
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    """The answer shows the one-time password; sent twice, the second
    leads to the account without it.
    """
    try:
        user, password = create(session, subject, form.parse(UserCreate))
    except (FormInvalid, Invalid, Conflict) as error:
        start_over(session)
        return _new_user(request, session, failed(form, error), status=status_of(error))
    return _password(request, session, once, user, password, is_new=True)


@router.get("/users/{account}")
@example(
    Example(
        world="accounts",
        who="security_admin",
        success=200,
        visibility="owner",
        stranger="registrar",
        path=_APPLICANT,
    )
)
def user_page(
    request: Request, found: SeenAccount, session: ReadSessionDep, done: str = ""
) -> Response:
    return _user(request, session, found, _roles_form(found.object), done=done)


@router.post("/users/{account}/roles", status_code=303)
@example(
    Example(
        world="accounts",
        who="security_admin",
        success=303,
        visibility="owner",
        forbidden="system_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:roles_assigned",
        body={"roles": ["applicant", "registrar"], "roles_before": ["applicant"]},
    )
)
def assign_roles(
    request: Request,
    found: Annotated[Authorized[AppUser], may(Action.ROLES_ASSIGN, account_to_change)],
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    try:
        body = form.parse(RolesForm)
        service.assign_roles(
            session,
            found.subject,
            found.object,
            roles=body.roles,
            before=[role.value for role in body.roles_before],
        )
    except (FormInvalid, Invalid, Conflict) as error:
        start_over(session)
        return _user(request, session, found, failed(form, error), status=status_of(error))
    return to_page(once, f"/admin/users/{found.object.account}?done=roles")


@router.get("/users/{account}/suspension")
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=200,
        visibility="owner",
        forbidden="security_admin",
        stranger="registrar",
        path=_APPLICANT,
    )
)
def suspension_page(
    request: Request,
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_SUSPEND, account_seen)],
    session: ReadSessionDep,
) -> Response:
    """The question before an account is closed: what ends with it."""
    return _suspension(request, session, found.object, Form.of())


@router.post("/users/{account}/suspension", status_code=303)
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=303,
        visibility="owner",
        forbidden="security_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:suspended",
        body={"reason": "已调离本单位"},
    )
)
def suspend(
    request: Request,
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_SUSPEND, account_to_change)],
    session: SessionDep,
    form: FormDep,
    once: OnceDep,
) -> Response:
    try:
        service.suspend(session, found.subject, found.object, reason=form.parse(Suspension).reason)
    except (FormInvalid, Conflict) as error:
        start_over(session)
        return _suspension(
            request, session, found.object, failed(form, error), status=status_of(error)
        )
    return to_page(once, f"/admin/users/{found.object.account}?done=suspended")


@router.post("/users/{account}/restoration", status_code=303)
@example(
    Example(
        world="suspended_account",
        who="system_admin",
        success=303,
        visibility="owner",
        forbidden="security_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:restored",
        body={},
    )
)
def restore(
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_RESTORE, account_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> Response:
    service.restore(session, found.subject, found.object)
    return to_page(once, f"/admin/users/{found.object.account}?done=restored")


@router.post("/users/{account}/password", status_code=201)
@example(
    Example(
        world="accounts",
        who="system_admin",
        success=201,
        visibility="owner",
        forbidden="security_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:password_reset",
        body={},
    )
)
def reset_password(
    request: Request,
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_RESET_PASSWORD, account_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> Response:
    password = service.reset_password(session, found.subject, found.object)
    return _password(request, session, once, found.object, password, is_new=False)


@router.post("/users/{account}/unlock", status_code=303)
@example(
    Example(
        world="locked_account",
        who="security_admin",
        success=303,
        visibility="owner",
        forbidden="system_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:user:unlocked",
        body={},
    )
)
def unlock(
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_UNLOCK, account_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> Response:
    service.unlock(session, found.subject, found.object)
    return to_page(once, f"/admin/users/{found.object.account}?done=unlocked")


@router.post("/users/{account}/sessions", status_code=303)
@example(
    Example(
        world="accounts",
        who="security_admin",
        success=303,
        visibility="owner",
        forbidden="system_admin",
        stranger="registrar",
        path=_APPLICANT,
        event="auth:session:ended",
        body={},
    )
)
def end_sessions(
    found: Annotated[Authorized[AppUser], may(Action.ACCOUNT_END_SESSIONS, account_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> Response:
    service.end_sessions(session, found.subject, found.object)
    return to_page(once, f"/admin/users/{found.object.account}?done=ended")


def to_page(once: Once, place: str) -> Response:
    """Go on to ``place``; a second click of the same button ends there too."""
    return RedirectResponse(once.keep_redirect(place), 303)


def failed(form: Form, error: FormInvalid | Invalid | Conflict) -> Form:
    return error.form if isinstance(error, FormInvalid) else form.refused(error)


def status_of(error: FormInvalid | Invalid | Conflict) -> int:
    return 422 if isinstance(error, FormInvalid) else error.status


def _new_user(request: Request, session: Session, form: Form, *, status: int = 200) -> Response:
    values = {
        "form": form,
        "labels": LABELS,
        "once_key": uuid7().hex,
        "options": [(row.code, row.name) for row in views.departments(session)],
    }
    return page(request, "administration/user_new.html", values, status=status)


def _user(
    request: Request,
    session: Session,
    found: Authorized[AppUser],
    form: Form,
    *,
    done: str = "",
    status: int = 200,
) -> Response:
    user = found.object
    values: dict[str, Any] = {
        "row": views.account_row(session, user),
        "form": form,
        "labels": LABELS,
        "done": DONE.get(done),
        "acts": {name for name, action in _ACTS.items() if is_allowed(found.subject, action, user)},
        "is_self": user.id == found.subject.user_id,
        "once_key": uuid7().hex,
        "business": [(role.value, role.label) for role in Role if role not in ADMINISTRATORS],
        "administrators": [(role.value, role.label) for role in Role if role in ADMINISTRATORS],
    }
    return page(request, "administration/user.html", values, status=status)


def _roles_form(user: AppUser) -> Form:
    return Form.of({"roles": list(user.roles), "roles_before": list(user.roles)})


def _suspension(
    request: Request, session: Session, user: AppUser, form: Form, *, status: int = 200
) -> Response:
    values = {
        "row": views.account_row(session, user),
        "form": form,
        "labels": LABELS,
        "once_key": uuid7().hex,
    }
    return page(request, "administration/suspension.html", values, status=status)


def _password(
    request: Request, session: Session, once: Once, user: AppUser, password: str, *, is_new: bool
) -> Response:
    once.keep_redirect(f"/admin/users/{user.account}?done=password")
    values = {"row": views.account_row(session, user), "password": password, "is_new": is_new}
    return page(request, "administration/password.html", values, status=201)
