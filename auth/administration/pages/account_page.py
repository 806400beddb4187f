"""What the pages of accounts show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from auth.accounts.models import AppUser
from auth.administration import repository, views
from auth.administration.access import ACCOUNTS
from auth.administration.forms import LABELS
from auth.administration.schemas import Wanted
from auth.administration.service import leads_to_seat
from auth.administration.views import AccountRow, DepartmentRow
from auth.administration.words import AccountState
from auth.guard import Authorized, is_allowed
from auth.roles import ADMINISTRATORS, Role
from policies.actions import Action
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

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


@dataclass(frozen=True, slots=True)
class AccountsPage(Page):
    """``filters``: what is looked for, as it was typed."""

    template = "administration/users.html"
    filters: Form
    rows: Sequence[AccountRow]
    total: int
    is_filtered: bool
    departments: Sequence[DepartmentRow]
    roles: Sequence[Role]
    states: Sequence[AccountState]
    next_href: str
    is_first: bool
    may_create: bool


def accounts_page(
    session: Session, subject: Subject, asked: PageRequest, wanted: Wanted, filters: Form
) -> AccountsPage:
    """Accounts by name."""
    rows, following = views.page(session, wanted, asked)
    return AccountsPage(
        filters=filters,
        rows=rows,
        total=repository.count(session, wanted),
        is_filtered=wanted != Wanted(),
        departments=views.departments(session),
        roles=list(Role),
        states=list(AccountState),
        next_href=asked.href(following) if following else "",
        is_first=asked.after is None,
        may_create=is_allowed(subject, Action.ACCOUNT_CREATE, ACCOUNTS),
    )


@dataclass(frozen=True, slots=True)
class NewAccountPage(Page):
    """``options``: codes and names of the departments."""

    template = "administration/user_new.html"
    form: Form
    labels: Mapping[str, Message]
    options: Sequence[tuple[str, str]]


def new_account_page(session: Session, form: Form) -> NewAccountPage:
    options = [(row.code, row.name) for row in views.departments(session) if not row.ended_on]
    return NewAccountPage(form, LABELS, options)


@dataclass(frozen=True, slots=True)
class AccountPage(Page):
    """``acts``: what the reader can do with the account, by name."""

    template = "administration/user.html"
    form: Form
    labels: Mapping[str, Message]
    row: AccountRow
    done: Message | None
    acts: frozenset[str]
    business: Sequence[tuple[str, Message]]
    administrators: Sequence[Role]
    is_seat: bool


def account_page(
    session: Session, found: Authorized[AppUser], form: Form, done: str = ""
) -> AccountPage:
    """One account; ``done``: what was just confirmed."""
    user = found.object
    return AccountPage(
        form=form,
        labels=LABELS,
        row=views.account_row(session, user),
        done=DONE.get(done),
        acts=frozenset(
            name for name, action in _ACTS.items() if is_allowed(found.subject, action, user)
        ),
        business=[(role.value, role.label) for role in Role if role not in ADMINISTRATORS],
        administrators=[role for role in Role if role in ADMINISTRATORS],
        is_seat=leads_to_seat(user),
    )


@dataclass(frozen=True, slots=True)
class SuspensionPage(Page):
    """The question before an account is closed: what ends with it."""

    template = "administration/suspension.html"
    form: Form
    labels: Mapping[str, Message]
    row: AccountRow


def suspension_page(session: Session, found: Authorized[AppUser], form: Form) -> SuspensionPage:
    return SuspensionPage(form, LABELS, views.account_row(session, found.object))


@dataclass(frozen=True, slots=True)
class PasswordMadePage(Page):
    """A one-time password in its only showing."""

    template = "administration/password.html"
    http_status = 201
    row: AccountRow
    password: str
    is_new: bool
