"""What the pages of one's own service tokens show."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from auth.guard import Authorized, Place
from auth.profile.forms import LABELS
from auth.tokens.models import ServiceToken
from auth.tokens.service import Issued, held_by
from auth.tokens.words import Scope
from shuqiao.i18n import Message
from shuqiao.settings import settings
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

#: Reading only; whatever changes something is ticked by the person.
_TICKED: Final = (Scope.CATALOG_READ, Scope.DATA_FETCH)


@dataclass(frozen=True, slots=True)
class NewTokenPage(Page):
    """``scopes``: those that the reader's roles give. ``longest``: for how many days a token may
    be issued.
    """

    template = "profile/token_new.html"
    form: Form
    labels: Mapping[str, Message]
    scopes: Sequence[tuple[Scope, Message]]
    longest: int


def new_token_page(subject: Subject, form: Form | None = None) -> NewTokenPage:
    """``form``: as it was typed; else with what most tokens are for."""
    held = [scope for scope in Scope if scope in held_by(subject)]
    if form is None:
        form = Form.of({"scopes": [scope for scope in held if scope in _TICKED], "days": 30})
    return NewTokenPage(
        form=form.gathered("scopes"),
        labels=LABELS,
        scopes=[(scope, scope.label) for scope in held],
        longest=settings().token_days,
    )


def token_again(found: Authorized[Place], form: Form) -> NewTokenPage:
    return new_token_page(found.subject, form)


@dataclass(frozen=True, slots=True)
class TokenPage(Page):
    """A token in its only showing. ``profile``: the file for the client, ``download`` its
    address.
    """

    template = "profile/token.html"
    http_status = 201
    token: ServiceToken
    secret: str
    profile: str
    endpoint: str
    download: str


def token_page(issued: Issued) -> TokenPage:
    endpoint = settings().control_origin
    profile = json.dumps(
        {"endpoint": endpoint, "token": issued.secret}, ensure_ascii=False, indent=2
    )
    encoded = base64.b64encode(f"{profile}\n".encode()).decode()
    return TokenPage(
        token=issued.token,
        secret=issued.secret,
        profile=profile,
        endpoint=endpoint,
        download=f"data:application/json;base64,{encoded}",
    )
