"""Own settings, password, sessions and service tokens."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from audit.schemas import EventReceipt
from auth.accounts.words import Language
from auth.tokens.words import SCOPE_NAMES, Scope
from shuqiao.i18n import _
from shuqiao.texts import Name, Strict, example


def _scope(name: str) -> str:
    if name not in SCOPE_NAMES:
        raise ValueError(
            _("There is no such scope"), _("The scopes are: %(scopes)s", scopes=", ".join(Scope))
        )
    return name


#: A scope, or – narrower than any – a single action.
ScopeName = Annotated[
    str, AfterValidator(_scope), Field(json_schema_extra={"enum": list(SCOPE_NAMES)})
]


class TokenCreate(Strict):
    """A service token to be issued; without ``scopes`` it carries the usual ones that the roles
    give: none that changes or publishes an entry.
    """

    model_config = example(name="夜间取数", days=30)

    name: Name
    days: Annotated[int, Field(ge=1, le=90)] = 30
    scopes: Annotated[list[ScopeName], Field(min_length=1, max_length=40)] | None = None


class TokenRead(BaseModel):
    """A token without its secret."""

    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class TokenIssued(TokenRead, EventReceipt):
    """A new token with its only showing."""

    token: str


class TokenRevoked(TokenRead, EventReceipt):
    """A token that no longer works."""


class TokenList(BaseModel):
    items: list[TokenRead]


class Preferences(Strict):
    """How the pages are to look wherever the person signs in."""

    model_config = example(language="en", is_large_type=True, is_high_contrast=False)

    language: Language
    is_large_type: bool = False
    is_high_contrast: bool = False


class PreferencesChanged(Preferences, EventReceipt):
    """The settings as they are kept."""

    # The example is of what is sent.
    model_config = ConfigDict(json_schema_extra=None)


class PasswordChange(Strict):
    """The present password and the one to be used from now on; both taken as they are."""

    model_config = example(old_password="……", new_password="青城 河套 草原 云中 2026")

    old_password: Annotated[str, Field(min_length=1, max_length=128)]
    new_password: Annotated[str, Field(min_length=1, max_length=128)]


class SessionRead(BaseModel):
    """A session that still works."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_current: bool


class SessionList(BaseModel):
    items: list[SessionRead]
