"""Pages of one's own service tokens: issuing one, revoking one."""

import base64
import json

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from auth.guard import authorize
from auth.identify import SubjectDep
from auth.once import OnceDep
from auth.profile.access import RevocableToken, tokens_of
from auth.profile.forms import LABELS, TokenForm
from auth.profile.words import GROUPS
from auth.tokens import service as tokens
from policies.actions import Action
from shuqiao.db import SessionDep, start_over
from shuqiao.i18n import _
from shuqiao.settings import settings
from shuqiao.web.engine import page
from shuqiao.web.forms import Form, FormDep, FormInvalid

router = APIRouter(prefix="/me")


@router.get("/tokens/new")
def new_token_page(request: Request, subject: SubjectDep) -> Response:
    authorize(subject, Action.TOKEN_ISSUE, tokens_of(subject))
    return _new_token(request, Form.of({"groups": ["find", "fetch"], "days": 30}))


@router.post("/tokens/new", status_code=201)
def issue_token(
    request: Request, subject: SubjectDep, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """The answer shows the token; sent twice, the second leads to the list without it."""
    subject = authorize(subject, Action.TOKEN_ISSUE, tokens_of(subject))
    try:
        wanted = form.parse(TokenForm)
        longest = settings().token_days
        if wanted.days > longest:
            raise FormInvalid(form.flawed("days", _("Choose at most %(days)s days", days=longest)))
    except FormInvalid as invalid:
        start_over(session)
        return _new_token(request, invalid.form, status=422)
    scopes = frozenset().union(*(GROUPS[group][1] for group in wanted.groups))
    issued = tokens.issue(
        session, subject, name=wanted.name, scopes=frozenset(scopes), days=wanted.days
    )
    once.keep_redirect("/me?done=token#tokens")
    text = json.dumps(
        {"endpoint": settings().control_origin, "token": issued.secret},
        ensure_ascii=False,
        indent=2,
    )
    encoded = base64.b64encode(f"{text}\n".encode()).decode()
    values = {
        "token": issued.token,
        "secret": issued.secret,
        "profile": text,
        "endpoint": settings().control_origin,
        "download": f"data:application/json;base64,{encoded}",
    }
    return page(request, "profile/token.html", values, status=201)


@router.post("/tokens/{token_id}/revocation", status_code=303)
def revoke_token(found: RevocableToken, session: SessionDep, once: OnceDep) -> Response:
    tokens.revoke(session, found.subject, found.object)
    return RedirectResponse(once.keep_redirect("/me?done=revoked#tokens"), 303)


def _new_token(request: Request, form: Form, *, status: int = 200) -> Response:
    groups = [(name, words) for name, (words, _actions) in GROUPS.items()]
    values = {
        "form": form.gathered("groups"),
        "labels": LABELS,
        "groups": groups,
        "longest": settings().token_days,
    }
    return page(request, "profile/token_new.html", values, status=status)
