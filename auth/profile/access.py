"""The reader's own account and tokens."""

from typing import Annotated
from uuid import UUID

from auth.accounts.models import AppUser
from auth.guard import Authorized, Place, may
from auth.identify import SubjectDep
from auth.profile import service
from auth.tokens import repository as tokens
from auth.tokens.models import ServiceToken
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound


def token_to_change(token_id: UUID, session: SessionDep) -> ServiceToken:
    found = tokens.by_id(session, token_id)
    if found is None:
        raise NotFound
    return found


def own_account_seen(subject: SubjectDep, session: ReadSessionDep) -> AppUser:
    return service.own(session, subject)


def own_account(subject: SubjectDep, session: SessionDep) -> AppUser:
    return service.own(session, subject, lock=True)


def tokens_of(subject: SubjectDep) -> Place:
    """The subject's own tokens, as what issuing one is decided on."""
    return Place("Tokens", f"auth:{subject.account}", {"owner": str(subject.user_id)})


OwnSeen = Annotated[Authorized[AppUser], may(Action.PROFILE_CHANGE, own_account_seen)]
#: The reader's own account, to change.
Own = Annotated[Authorized[AppUser], may(Action.PROFILE_CHANGE, own_account)]
#: The reader's tokens as a whole, to issue one more.
OwnTokens = Annotated[Authorized[Place], may(Action.TOKEN_ISSUE, tokens_of)]
RevocableToken = Annotated[Authorized[ServiceToken], may(Action.TOKEN_REVOKE, token_to_change)]
