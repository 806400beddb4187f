"""From the address to the grant."""

from typing import Annotated

from fastapi import Path

from exchange.grants import repository
from exchange.grants.models import ShareGrant
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound

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
