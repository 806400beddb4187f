"""HTTP of departments and accounts, for the three administrators."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

from audit.receipts import receipt
from auth.accounts.models import AppUser
from auth.administration import service, views
from auth.administration.access import (
    AccountCreator,
    AccountsReader,
    AssignableAccount,
    EvictableAccount,
    ReadableAccount,
    ResettableAccount,
    RestorableAccount,
    SuspendableAccount,
    UnlockableAccount,
)
from auth.administration.schemas import (
    PasswordMade,
    RolesAssign,
    Suspension,
    UserChanged,
    UserCreate,
    UserRead,
    Wanted,
)
from auth.administration.service import create
from auth.administration.words import AccountState
from auth.once import OnceDep
from auth.roles import Role
from auth.sessions.schemas import SessionsEnded
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


@router.get("/users", operation_id="users_list", summary="Accounts")
def list_users(
    subject: AccountsReader,
    session: ReadSessionDep,
    asked: PageDep,
    q: Annotated[
        str,
        Query(
            max_length=100, description="Words of account, name or department", examples=["head"]
        ),
    ] = "",
    department: Annotated[str, Query(max_length=18, description="Code of a department")] = "",
    role: Role | None = None,
    state: AccountState | None = None,
) -> Page[UserRead]:
    rows, following = views.page(session, Wanted(q, department, role, state), asked)
    return Page(
        items=[UserRead.model_validate(row, from_attributes=True) for row in rows], next=following
    )


@router.post("/users", status_code=201, operation_id="users_create", summary="Create an account")
def create_user(
    body: UserCreate, subject: AccountCreator, session: SessionDep, once: OnceDep
) -> PasswordMade:
    """Without roles: the security administrator gives them. The one-time password is in this answer
    only.
    """
    user, password = create(session, subject, body)
    answer = _password_made(session, user, password)
    once.keep(answer.model_copy(update={"password": ""}))
    return answer


@router.get("/users/{account}", operation_id="users_show", summary="One account")
def show_user(found: ReadableAccount, session: ReadSessionDep) -> UserRead:
    return _read(session, found.object)


@router.put("/users/{account}/roles", operation_id="users_assign_roles", summary="Assign roles")
def assign_roles(body: RolesAssign, found: AssignableAccount, session: SessionDep) -> UserChanged:
    user = service.assign_roles(
        session,
        found.subject,
        found.object,
        roles=body.roles,
        before=[role.value for role in body.roles_before],
    )
    return _changed(session, user)


@router.post(
    "/users/{account}/suspensions", status_code=201, operation_id="users_suspend", summary="Suspend"
)
def suspend_user(
    body: Suspension, found: SuspendableAccount, session: SessionDep, once: OnceDep
) -> UserChanged:
    user = service.suspend(session, found.subject, found.object, reason=body.reason)
    return once.keep(_changed(session, user))


@router.post(
    "/users/{account}/restorations",
    status_code=201,
    operation_id="users_restore",
    summary="Restore",
)
def restore_user(found: RestorableAccount, session: SessionDep, once: OnceDep) -> UserChanged:
    return once.keep(_changed(session, service.restore(session, found.subject, found.object)))


@router.post(
    "/users/{account}/password-resets",
    status_code=201,
    operation_id="users_reset_password",
    summary="Reset a password",
)
def reset_password(found: ResettableAccount, session: SessionDep, once: OnceDep) -> PasswordMade:
    """The one-time password is in this answer only."""
    answer = _password_made(
        session, found.object, service.reset_password(session, found.subject, found.object)
    )
    once.keep(answer.model_copy(update={"password": ""}))
    return answer


@router.post(
    "/users/{account}/unlocks",
    status_code=201,
    operation_id="users_unlock",
    summary="Unlock sign-in",
)
def unlock_user(found: UnlockableAccount, session: SessionDep, once: OnceDep) -> UserChanged:
    return once.keep(_changed(session, service.unlock(session, found.subject, found.object)))


@router.delete(
    "/users/{account}/sessions", operation_id="users_end_sessions", summary="End all sessions"
)
def end_sessions(found: EvictableAccount, session: SessionDep) -> SessionsEnded:
    ended = service.end_sessions(session, found.subject, found.object)
    return SessionsEnded(ended=ended, **receipt(session))


def _read(session: Session, user: AppUser) -> UserRead:
    return UserRead.model_validate(views.account_row(session, user), from_attributes=True)


def _changed(session: Session, user: AppUser) -> UserChanged:
    return UserChanged(**_read(session, user).model_dump(), **receipt(session))


def _password_made(session: Session, user: AppUser, password: str) -> PasswordMade:
    return PasswordMade(**_read(session, user).model_dump(), password=password, **receipt(session))
