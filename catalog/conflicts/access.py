"""From the address to the source conflict, and to the element that is disputed."""

from typing import Annotated

from fastapi import Path

from auth.guard import Authorized, may
from catalog.conflicts import repository
from catalog.conflicts.models import SourceConflict
from catalog.elements.access import by_identifier
from catalog.elements.models import DataElement
from catalog.sources.access import element_to_change
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound

ConflictNo = Annotated[
    str, Path(max_length=20, description="Public number, for example CF-2026-000123")
]


def to_change(no: ConflictNo, session: SessionDep) -> SourceConflict:
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def to_read(no: ConflictNo, session: ReadSessionDep) -> SourceConflict:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


DisputableElement = Annotated[Authorized[DataElement], may(Action.CONFLICT_OPEN, element_to_change)]
#: "Seen": for the page with the form.
DisputableElementSeen = Annotated[Authorized[DataElement], may(Action.CONFLICT_OPEN, by_identifier)]
ReadableConflict = Annotated[Authorized[SourceConflict], may(Action.CONFLICT_READ, to_read)]
StatableConflict = Annotated[Authorized[SourceConflict], may(Action.CONFLICT_STATE, to_change)]
DecidableConflict = Annotated[Authorized[SourceConflict], may(Action.CONFLICT_DECIDE, to_change)]
ReferableConflict = Annotated[Authorized[SourceConflict], may(Action.CONFLICT_REFER, to_change)]
WithdrawableConflict = Annotated[
    Authorized[SourceConflict], may(Action.CONFLICT_WITHDRAW, to_change)
]
AppealableConflict = Annotated[
    Authorized[SourceConflict], may(Action.CONFLICT_ASK_REVIEW, to_change)
]
ReviewableConflict = Annotated[Authorized[SourceConflict], may(Action.CONFLICT_REVIEW, to_change)]
