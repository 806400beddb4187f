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
from policies.actions import DATA_USER_SCOPES
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import _
from shuqiao.settings import settings
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
    _check(body)
    issued = tokens.issue(
        session,
        found.subject,
        name=body.name,
        scopes=frozenset(body.scopes or DATA_USER_SCOPES),
        days=body.days,
    )
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


def _check(body: TokenCreate) -> None:
    errors = []
    if body.days > settings().token_days:
        fix = _("Choose at most %(days)s days", days=settings().token_days)
        errors.append(FieldError("/days", "too_long", _("The token would live too long"), fix))
    if beyond := sorted(frozenset(body.scopes or ()) - DATA_USER_SCOPES):
        detail = _("A service token cannot be given: %(scopes)s", scopes=", ".join(beyond))
        errors.append(
            FieldError(
                "/scopes",
                "beyond_data_use",
                detail,
                _("Leave these out; people decide, tokens fetch"),
            )
        )
    if errors:
        raise Invalid(errors=errors)


def _read(token: ServiceToken) -> TokenRead:
    return TokenRead.model_validate(token, from_attributes=True)
