"""Pages of accounts (账号), for the three administrators; each of them does only what is theirs."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from auth.accounts.models import AppUser
from auth.administration import repository, service, views
from auth.administration.access import (
    ACCOUNTS,
    AccountCreator,
    AccountsReader,
    AssignableAccount,
    EvictableAccount,
    ReadableAccount,
    ResettableAccount,
    RestorableAccount,
    SuspendableAccount,
    SuspendableAccountSeen,
    UnlockableAccount,
)
from auth.administration.forms import LABELS, RolesForm, failed, status_of
from auth.administration.schemas import Suspension, UserCreate, Wanted
from auth.administration.service import create
from auth.administration.words import AccountState
from auth.guard import Authorized, is_allowed
from auth.once import Once, OnceDep
from auth.roles import ADMINISTRATORS, Role
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, start_over
from shuqiao.errors import Conflict, Invalid
from shuqiao.i18n import Message, _
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid
from shuqiao.web.paging import PageDep

router = APIRouter(prefix="/admin")

DONE: Final[Mapping[str, Message]] = {
    "roles": _("The roles have been assigned; the person signs in again to use them"),
    "suspended": _("The account has been suspended; sessions and tokens have ended"),
    "restored": _("The account has been restored"),
    "unlocked": _("Signing in has been unlocked"),
    "ended": _("All sessions of the account have ended"),
    "password": _("The one-time password was shown once; if it is lost, reset it again"),
}
#: What can be done with an account, by the name the template knows it under.
_ACTS: Final[Mapping[str, Action]] = {
    "assign": Action.ROLES_ASSIGN,
    "unlock": Action.ACCOUNT_UNLOCK,
    "end_sessions": Action.ACCOUNT_END_SESSIONS,
    "suspend": Action.ACCOUNT_SUSPEND,
    "restore": Action.ACCOUNT_RESTORE,
    "reset": Action.ACCOUNT_RESET_PASSWORD,
}


@router.get("/users")
def users_page(
    request: Request,
    subject: AccountsReader,
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
def new_user_page(
    request: Request,
    subject: AccountCreator,
    session: ReadSessionDep,
    department: Annotated[str, Query(max_length=18)] = "",
) -> Response:
    return _new_user(request, session, Form.of({"department_code": department}))


@router.post("/users/new", status_code=201)
def create_user(
    request: Request, subject: AccountCreator, session: SessionDep, form: FormDep, once: OnceDep
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
def user_page(
    request: Request, found: ReadableAccount, session: ReadSessionDep, done: str = ""
) -> Response:
    return _user(request, session, found, _roles_form(found.object), done=done)


@router.post("/users/{account}/roles", status_code=303)
def assign_roles(
    request: Request, found: AssignableAccount, session: SessionDep, form: FormDep, once: OnceDep
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
def suspension_page(
    request: Request, found: SuspendableAccountSeen, session: ReadSessionDep
) -> Response:
    """The question before an account is closed: what ends with it."""
    return _suspension(request, session, found.object, Form.of())


@router.post("/users/{account}/suspension", status_code=303)
def suspend(
    request: Request, found: SuspendableAccount, session: SessionDep, form: FormDep, once: OnceDep
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
def restore(found: RestorableAccount, session: SessionDep, once: OnceDep) -> Response:
    service.restore(session, found.subject, found.object)
    return to_page(once, f"/admin/users/{found.object.account}?done=restored")


@router.post("/users/{account}/password", status_code=201)
def reset_password(
    request: Request, found: ResettableAccount, session: SessionDep, once: OnceDep
) -> Response:
    password = service.reset_password(session, found.subject, found.object)
    return _password(request, session, once, found.object, password, is_new=False)


@router.post("/users/{account}/unlock", status_code=303)
def unlock(found: UnlockableAccount, session: SessionDep, once: OnceDep) -> Response:
    service.unlock(session, found.subject, found.object)
    return to_page(once, f"/admin/users/{found.object.account}?done=unlocked")


@router.post("/users/{account}/sessions", status_code=303)
def end_sessions(found: EvictableAccount, session: SessionDep, once: OnceDep) -> Response:
    service.end_sessions(session, found.subject, found.object)
    return to_page(once, f"/admin/users/{found.object.account}?done=ended")


def to_page(once: Once, place: str) -> Response:
    """Go on to ``place``; a second click of the same button ends there too."""
    return RedirectResponse(once.keep_redirect(place), 303)


def _new_user(request: Request, session: Session, form: Form, *, status: int = 200) -> Response:
    values = {
        "form": form,
        "labels": LABELS,
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
    }
    return page(request, "administration/suspension.html", values, status=status)


def _password(
    request: Request, session: Session, once: Once, user: AppUser, password: str, *, is_new: bool
) -> Response:
    once.keep_redirect(f"/admin/users/{user.account}?done=password")
    values = {"row": views.account_row(session, user), "password": password, "is_new": is_new}
    return page(request, "administration/password.html", values, status=201)
