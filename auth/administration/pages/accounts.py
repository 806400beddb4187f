"""Pages of accounts (账号), for the three administrators; each of them does only what is theirs."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from auth.accounts.errors import TwoNeeded
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
    SuspendableAccountSeen,
    UnlockableAccount,
)
from auth.administration.forms import RolesForm
from auth.administration.pages.account_page import (
    AccountPage,
    AccountsPage,
    NewAccountPage,
    PasswordMadePage,
    SuspensionPage,
    account_page,
    accounts_page,
    new_account_page,
    suspension_page,
)
from auth.administration.schemas import Suspension, UserCreate, Wanted
from auth.administration.words import AccountState
from auth.once import OnceDep
from auth.roles import Role
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter(prefix="/admin")


@router.page("/users")
def index(
    subject: AccountsReader,
    session: ReadSessionDep,
    asked: PageDep,
    q: Annotated[str, Query(max_length=100)] = "",
    department: Annotated[str, Query(max_length=18)] = "",
    role: Annotated[str, Query(max_length=40)] = "",
    state: Annotated[str, Query(max_length=40)] = "",
) -> AccountsPage:
    """Accounts by name; what is looked for stays in the address."""
    wanted = Wanted(
        q,
        department,
        Role(role) if role in set(Role) else None,
        AccountState(state) if state in set(AccountState) else None,
    )
    filters = Form.of({"q": q, "department": department, "role": role, "state": state})
    return accounts_page(session, subject, asked, wanted, filters)


@router.page("/users/new")
def ask_for_account(
    subject: AccountCreator,
    session: ReadSessionDep,
    department: Annotated[str, Query(max_length=18)] = "",
) -> NewAccountPage:
    return new_account_page(session, Form.of({"department_code": department}))


@router.form("/users/new", again=new_account_page, status_code=201)
def create_account(
    subject: AccountCreator, session: SessionDep, form: FormDep, once: OnceDep
) -> PasswordMadePage:
    """The answer shows the one-time password; sent twice, the second
    leads to the account without it.
    """
    user, password = service.create(session, subject, form.parse(UserCreate))
    once.keep_redirect(f"/admin/users/{user.account}?done=password")
    return PasswordMadePage(views.account_row(session, user), password, is_new=True)


@router.page("/users/{account}")
def one(found: ReadableAccount, session: ReadSessionDep, done: str = "") -> AccountPage:
    roles = list(found.object.roles)
    return account_page(session, found, Form.of({"roles": roles, "roles_before": roles}), done)


@router.form("/users/{account}/roles", again=account_page)
def assign_roles(
    found: AssignableAccount, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """What leads to a seat goes on to the proposal, with what was ticked."""
    body = form.parse(RolesForm)
    try:
        service.assign_roles(
            session,
            found.subject,
            found.object,
            roles=body.roles,
            before=[role.value for role in body.roles_before],
        )
    except TwoNeeded:
        ticked = ",".join(body.roles)
        account = found.object.account
        return once.go_to(f"/admin/users/{account}/seat-changes/new?kind=roles&roles={ticked}")
    return once.go_to(f"/admin/users/{found.object.account}?done=roles")


@router.page("/users/{account}/suspension")
def ask_to_suspend(found: SuspendableAccountSeen, session: ReadSessionDep) -> SuspensionPage:
    """The question before an account is closed: what ends with it."""
    return suspension_page(session, found, Form())


@router.form("/users/{account}/suspension", again=suspension_page)
def suspend(
    found: SuspendableAccount, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.suspend(session, found.subject, found.object, reason=form.parse(Suspension).reason)
    return once.go_to(f"/admin/users/{found.object.account}?done=suspended")


@router.form("/users/{account}/restoration")
def restore(found: RestorableAccount, session: SessionDep, once: OnceDep) -> Response:
    service.restore(session, found.subject, found.object)
    return once.go_to(f"/admin/users/{found.object.account}?done=restored")


@router.form("/users/{account}/password", status_code=201)
def reset_password(
    found: ResettableAccount, session: SessionDep, once: OnceDep
) -> PasswordMadePage:
    user = found.object
    password = service.reset_password(session, found.subject, user)
    once.keep_redirect(f"/admin/users/{user.account}?done=password")
    return PasswordMadePage(views.account_row(session, user), password, is_new=False)


@router.form("/users/{account}/unlock")
def unlock(found: UnlockableAccount, session: SessionDep, once: OnceDep) -> Response:
    service.unlock(session, found.subject, found.object)
    return once.go_to(f"/admin/users/{found.object.account}?done=unlocked")


@router.form("/users/{account}/sessions")
def end_sessions(found: EvictableAccount, session: SessionDep, once: OnceDep) -> Response:
    service.end_sessions(session, found.subject, found.object)
    return once.go_to(f"/admin/users/{found.object.account}?done=ended")
