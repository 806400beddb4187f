"""Requests that somebody answers, locked."""

from typing import Annotated

from auth.guard import Authorized, may
from exchange.requests.access import to_change
from exchange.requests.models import ShareRequest
from policies.actions import Action

#: A request whose reply the caller may prepare.
AnswerableRequest = Annotated[
    Authorized[ShareRequest], may(Action.REQUEST_PREPARE_REPLY, to_change)
]
#: A request whose prepared reply the caller may release or send back.
ReleasableRequest = Annotated[Authorized[ShareRequest], may(Action.REQUEST_RELEASE, to_change)]
