"""From the address to the grant."""

from typing import Annotated

from fastapi import Path

from auth.guard import Authorized, may, may_list
from exchange.grants import repository
from exchange.grants.models import ShareGrant
from exchange.grants.repository import SeenGrant
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

GrantNo = Annotated[
    str, Path(max_length=20, description="Public number, for example GR-2026-000123")
]


def to_change(no: GrantNo, session: SessionDep) -> ShareGrant:
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def to_read(no: GrantNo, session: ReadSessionDep) -> ShareGrant:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


def to_see(no: GrantNo, session: ReadSessionDep) -> SeenGrant:
    found = repository.seen(session, no)
    if found is None:
        raise NotFound
    return found


#: Whoever lists grants.
GrantReader = Annotated[Subject, may_list(Action.GRANT_READ)]
#: For a route that shows the grant and nothing else of it.
ShownGrant = Annotated[Authorized[SeenGrant], may(Action.GRANT_READ, to_see)]
ReadableGrant = Annotated[Authorized[ShareGrant], may(Action.GRANT_READ, to_read)]
#: A grant whose data the caller may fetch.
FetchableGrant = Annotated[Authorized[ShareGrant], may(Action.GRANT_FETCH, to_read)]
#: The same, for what is written down about it first.
GrantToFetch = Annotated[Authorized[ShareGrant], may(Action.GRANT_FETCH, to_change)]
#: A grant whose plan the caller may have tried again.
ProvableGrant = Annotated[Authorized[ShareGrant], may(Action.GRANT_PROVE, to_change)]
#: A grant whose suspended items the caller may resume, or leave.
SettleableGrant = Annotated[Authorized[ShareGrant], may(Action.GRANT_SETTLE_ITEM, to_change)]
#: "Seen": for the page that asks before.
RevocableGrantSeen = Annotated[Authorized[ShareGrant], may(Action.GRANT_REVOKE, to_read)]
RevocableGrant = Annotated[Authorized[ShareGrant], may(Action.GRANT_REVOKE, to_change)]
