"""Forms of one's own account."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from auth.profile.schemas import PasswordChange
from auth.tokens.words import Scope
from shuqiao.i18n import Message, _
from shuqiao.texts import Name, Strict

LABELS: Final[Mapping[str, Message]] = {
    "language": _("Language"),
    "is_large_type": _("Large type"),
    "is_high_contrast": _("High contrast"),
    "old_password": _("Present password"),
    "new_password": _("New password"),
    "again": _("New password once more"),
    "name": _("Name of the token"),
    "scopes": _("The token may"),
    "days": _("Valid for days"),
}


class PasswordForm(PasswordChange):
    """The new password typed twice, so that a slip of the finger locks nobody out."""

    again: Annotated[str, Field(min_length=1, max_length=128)]
    next: str = "/me"


class TokenForm(Strict):
    """A service token as the page asks for it."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    days: Annotated[int, Field(ge=1, le=90)] = 30
