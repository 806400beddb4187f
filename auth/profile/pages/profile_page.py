"""What the pages of one's own account show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from auth.accounts.models import AppUser
from auth.accounts.words import Language
from auth.guard import Authorized, is_allowed
from auth.profile.access import tokens_of
from auth.profile.forms import LABELS
from auth.profile.schemas import SessionRead
from auth.profile.views import TokenShown, shown_sessions, shown_tokens
from auth.roles import Role
from policies.actions import Action
from shuqiao import context
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paths import own_path

DONE: Final[Mapping[str, Message]] = {
    "settings": _("The settings have been saved; they apply wherever you sign in"),
    "password": _("The password has been changed; your other sessions have ended"),
    "sessions": _("The sessions have ended"),
    "revoked": _("The token has been revoked and works no more"),
    "token": _("The token was shown once; if it is lost, revoke it and issue another"),
}
_LANGUAGES: Final = ((Language.ZH_CN.value, "中文"), (Language.EN.value, "English"))


@dataclass(frozen=True, slots=True)
class ProfilePage(Page):
    """The reader's own account; who they are, every page knows."""

    template = "profile/show.html"
    form: Form
    labels: Mapping[str, Message]
    done: Message | None
    roles: Sequence[Message]
    languages: Sequence[tuple[str, str]]
    sessions: Sequence[SessionRead]
    tokens: Sequence[TokenShown]
    may_issue: bool


def profile_page(session: Session, subject: Subject, form: Form, done: str = "") -> ProfilePage:
    """The account of ``subject``; ``done``: what was just confirmed."""
    return ProfilePage(
        form=form,
        labels=LABELS,
        done=DONE.get(done),
        roles=[role.label for role in Role if role in subject.roles],
        languages=_LANGUAGES,
        sessions=shown_sessions(session, subject),
        tokens=shown_tokens(session, subject),
        may_issue=is_allowed(subject, Action.TOKEN_ISSUE, tokens_of(subject)),
    )


def profile_again(session: Session, own: Authorized[AppUser], form: Form) -> ProfilePage:
    return profile_page(session, own.subject, form)


def settings_form(user: AppUser) -> Form:
    """How the pages look to ``user``; who never chose has what this browser shows."""
    language = user.language.value if user.language else context.locale()
    return Form.of(
        {
            "language": language,
            "is_large_type": str(user.is_large_type).lower(),
            "is_high_contrast": str(user.is_high_contrast).lower(),
        }
    )


@dataclass(frozen=True, slots=True)
class PasswordPage(Page):
    """``next``: where the person was going before a password of their own was asked for."""

    template = "profile/password.html"
    form: Form
    labels: Mapping[str, Message]
    is_temporary: bool
    next: str


@dataclass(frozen=True, slots=True)
class WrongPasswordPage(PasswordPage):
    """The same after a wrong present password."""

    http_status = 422


def password_page(
    own: Authorized[AppUser], form: Form, kind: type[PasswordPage] = PasswordPage
) -> PasswordPage:
    return kind(
        form=form,
        labels=LABELS,
        is_temporary=own.object.is_password_temporary,
        next=own_path(form.text("next", "/me")),
    )
