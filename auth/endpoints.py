"""HTTP of sign-in and service tokens."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth import sessions, throttle, tokens
from auth.errors import SignInLocked, SignInRefused
from auth.guard import Authorized, Place, authorize, may
from auth.identify import SubjectDep, cookie_name
from auth.models import ServiceToken
from auth.once import OnceDep
from auth.schemas import (
    Me,
    SessionClosed,
    SessionOpened,
    SignIn,
    TokenCreate,
    TokenIssued,
    TokenList,
    TokenRead,
    TokenRevoked,
)
from policies.actions import DATA_USER_SCOPES, Action
from shuqiao.db import ReadSessionDep, SessionDep, unit_of_work
from shuqiao.errors import FieldError, Invalid, NotFound
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.examples import Example, example
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["accounts"], route_class=StrictRoute)


def attempt(account: str, password: str) -> sessions.SignedIn:
    """Try to sign in; success and failure are both committed before anything is answered."""
    with unit_of_work() as session:
        throttle.admit(session, account)
    with unit_of_work() as session:
        signed_in = sessions.sign_in(session, account=account, password=password)
        if signed_in is not None:
            signed_in = replace(signed_in, receipt=receipt(session))
        seconds = throttle.seconds_left(session, account)
    if signed_in is None:
        raise SignInLocked(seconds) if seconds else SignInRefused
    return signed_in


def set_cookie(response: Response, cookie: str) -> None:
    """The session cookie: unreadable to scripts, never sent from other sites, gone when the browser
    closes.
    """
    is_secure = not settings().has_plain_cookie
    response.set_cookie(
        cookie_name(), cookie, path="/", httponly=True, samesite="lax", secure=is_secure
    )


def drop_cookie(response: Response) -> None:
    is_secure = not settings().has_plain_cookie
    response.delete_cookie(cookie_name(), path="/", httponly=True, samesite="lax", secure=is_secure)


@router.post("/sessions", status_code=201, operation_id="sessions_open", summary="Sign in")
@example(
    Example(
        world="accounts",
        who="applicant",
        success=201,
        visibility="public",
        event="auth:session:opened",
        body=lambda world: {
            "account": world.account("applicant"),
            "password": world.password("applicant"),
        },
    )
)
def open_session(body: SignIn, response: Response) -> SessionOpened:
    signed_in = attempt(body.account, body.password)
    set_cookie(response, signed_in.cookie)
    return SessionOpened(
        me=_me(signed_in.subject), csrf_token=signed_in.csrf_token, **signed_in.receipt
    )


@router.delete("/sessions/current", operation_id="sessions_close", summary="Sign out")
@example(
    Example(
        world="accounts",
        who="applicant",
        success=200,
        visibility="self",
        event="auth:session:closed",
    )
)
def close_session(subject: SubjectDep, session: SessionDep, response: Response) -> SessionClosed:
    sessions.end(session, subject)
    drop_cookie(response)
    return SessionClosed(**receipt(session))


@router.get("/me", operation_id="me_show", summary="Who am I")
@example(Example(world="accounts", who="reviewer", success=200, visibility="self"))
def me(subject: SubjectDep) -> Me:
    return _me(subject)


@router.get("/tokens", operation_id="tokens_list", summary="My service tokens")
@example(Example(world="token", who="applicant", success=200, visibility="self"))
def list_tokens(subject: SubjectDep, session: ReadSessionDep) -> TokenList:
    return TokenList(items=[_read(token) for token in tokens.of(session, subject)])


@router.post(
    "/tokens", status_code=201, operation_id="tokens_issue", summary="Issue a service token"
)
@example(
    Example(
        world="accounts",
        who="applicant",
        success=201,
        visibility="self",
        forbidden="registrar",
        event="auth:token:issued",
        body={"name": "夜间取数", "days": 30},
    )
)
def issue_token(
    body: TokenCreate, subject: SubjectDep, session: SessionDep, once: OnceDep
) -> TokenIssued:
    own = Place("Tokens", f"auth:{subject.account}", {"owner": str(subject.user_id)})
    subject = authorize(subject, Action.TOKEN_ISSUE, own)
    _check(body)
    issued = tokens.issue(
        session,
        subject,
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


def token_to_change(token_id: UUID, session: SessionDep) -> ServiceToken:
    found = tokens.by_id(session, token_id)
    if found is None:
        raise NotFound
    return found


@router.post(
    "/tokens/{token_id}/revocations",
    status_code=201,
    operation_id="tokens_revoke",
    summary="Revoke a token",
)
@example(
    Example(
        world="token",
        who="applicant",
        success=201,
        visibility="self",
        stranger="registrar",
        path={"token_id": lambda world: world.token_id},
        event="auth:token:revoked",
    )
)
def revoke_token(
    found: Annotated[Authorized[ServiceToken], may(Action.TOKEN_REVOKE, token_to_change)],
    session: SessionDep,
    once: OnceDep,
) -> TokenRevoked:
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


def _me(subject: Subject) -> Me:
    return Me(
        account=subject.account,
        name=subject.name,
        department=subject.department_name,
        roles=sorted(subject.roles),
        auth=subject.auth,
    )


def _read(token: ServiceToken) -> TokenRead:
    return TokenRead.model_validate(token, from_attributes=True)
