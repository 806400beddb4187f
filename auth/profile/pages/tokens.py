"""Pages of one's own service tokens: issuing one, revoking one."""

from starlette.responses import Response

from auth.once import OnceDep
from auth.profile.access import OwnTokens, RevocableToken
from auth.profile.forms import TokenForm
from auth.profile.pages.token_page import (
    NewTokenPage,
    TokenPage,
    new_token_page,
    token_again,
    token_page,
)
from auth.tokens import service as tokens
from shuqiao.db import SessionDep
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.web.forms import FormDep, FormInvalid
from shuqiao.web.page_router import PageRouter

router = PageRouter(prefix="/me")


@router.page("/tokens/new")
def ask_for_token(found: OwnTokens) -> NewTokenPage:
    return new_token_page(found.subject)


@router.form("/tokens/new", again=token_again, status_code=201)
def issue_token(found: OwnTokens, session: SessionDep, form: FormDep, once: OnceDep) -> TokenPage:
    """The answer shows the token; sent twice, the second leads to the list without it."""
    wanted = form.parse(TokenForm)
    longest = settings().token_days
    if wanted.days > longest:
        raise FormInvalid(form.flawed("days", _("Choose at most %(days)s days", days=longest)))
    issued = tokens.issue(
        session, found.subject, name=wanted.name, scopes=frozenset(wanted.scopes), days=wanted.days
    )
    once.keep_redirect("/me?done=token#tokens")
    return token_page(issued)


@router.form("/tokens/{token_id}/revocation")
def revoke_token(found: RevocableToken, session: SessionDep, once: OnceDep) -> Response:
    tokens.revoke(session, found.subject, found.object)
    return once.go_to("/me?done=revoked#tokens")
