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
from shuqiao.db import SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject


def token_to_change(token_id: UUID, session: SessionDep) -> ServiceToken:
    found = tokens.by_id(session, token_id)
    if found is None:
        raise NotFound
    return found


def own_account(subject: SubjectDep, session: SessionDep) -> AppUser:
    return service.own(session, subject, lock=True)


def tokens_of(subject: Subject) -> Place:
    """The subject's own tokens, as what issuing one is decided on."""
    return Place("Tokens", f"auth:{subject.account}", {"owner": str(subject.user_id)})


#: The reader's own account, to change.
Own = Annotated[Authorized[AppUser], may(Action.PROFILE_CHANGE, own_account)]
RevocableToken = Annotated[Authorized[ServiceToken], may(Action.TOKEN_REVOKE, token_to_change)]
