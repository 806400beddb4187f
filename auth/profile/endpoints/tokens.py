"""HTTP of the reader's own service tokens."""

from fastapi import APIRouter

from audit.receipts import receipt
from auth.identify import SubjectDep
from auth.once import OnceDep
from auth.profile.access import OwnTokens, RevocableToken
from auth.profile.schemas import TokenCreate, TokenIssued, TokenList, TokenRead, TokenRevoked
from auth.tokens import service as tokens
from auth.tokens.models import ServiceToken
from auth.tokens.repository import of_user
from auth.tokens.words import USUAL
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


@router.get("/tokens", operation_id="tokens_list", summary="My service tokens")
def list_tokens(subject: SubjectDep, session: ReadSessionDep) -> TokenList:
    return TokenList(items=[_read(token) for token in of_user(session, subject.user_id)])


@router.post(
    "/tokens", status_code=201, operation_id="tokens_issue", summary="Issue a service token"
)
def issue_token(
    body: TokenCreate, found: OwnTokens, session: SessionDep, once: OnceDep
) -> TokenIssued:
    scopes = frozenset(body.scopes or USUAL & tokens.held_by(found.subject))
    _check(found.subject, body.days, scopes)
    issued = tokens.issue(session, found.subject, name=body.name, scopes=scopes, days=body.days)
    answer = TokenIssued(
        **_read(issued.token).model_dump(), token=issued.secret, **receipt(session)
    )
    # What is kept for a repeated request never contains the secret: a token is shown once.
    once.keep(answer.model_copy(update={"token": ""}))
    return answer


@router.post(
    "/tokens/{token_id}/revocations",
    status_code=201,
    operation_id="tokens_revoke",
    summary="Revoke a token",
)
def revoke_token(found: RevocableToken, session: SessionDep, once: OnceDep) -> TokenRevoked:
    token = tokens.revoke(session, found.subject, found.object)
    return once.keep(TokenRevoked(**_read(token).model_dump(), **receipt(session)))


def _check(subject: Subject, days: int, scopes: frozenset[str]) -> None:
    errors = []
    if days > settings().token_days:
        fix = _("Choose at most %(days)s days", days=settings().token_days)
        errors.append(FieldError("/days", "too_long", _("The token would live too long"), fix))
    if refused := tokens.not_given(subject, scopes):
        errors.append(refused)
    if errors:
        raise Invalid(errors=errors)


def _read(token: ServiceToken) -> TokenRead:
    return TokenRead.model_validate(token, from_attributes=True)
