"""What the pages of one's own service tokens show."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auth.profile.forms import LABELS
from auth.profile.words import GROUPS, Group
from auth.tokens.models import ServiceToken
from auth.tokens.service import Issued
from shuqiao.i18n import Message
from shuqiao.settings import settings
from shuqiao.web.forms import Form
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class NewTokenPage(Page):
    """``longest``: for how many days a token may be issued."""

    template = "profile/token_new.html"
    form: Form
    labels: Mapping[str, Message]
    groups: Sequence[tuple[Group, Message]]
    longest: int


def new_token_page(form: Form) -> NewTokenPage:
    return NewTokenPage(
        form=form.gathered("groups"),
        labels=LABELS,
        groups=[(name, words) for name, (words, _actions) in GROUPS.items()],
        longest=settings().token_days,
    )


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
