"""From the address to the change, and whose entry a change may be recorded for."""

from typing import Annotated

from fastapi import Path

from auth.guard import Authorized, may, may_at, may_list
from catalog.resources.access import by_code, seen_by_code
from catalog.resources.models import DataResource
from catalog.updates.models import CAUSES, CatalogueChange, UpdateCause
from catalog.updates.repository import owed as repository
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

ChangeNo = Annotated[
    str, Path(max_length=20, description="Public number, for example CE-2026-000123")
]


def to_change(no: ChangeNo, session: SessionDep) -> CatalogueChange:
    found = repository.by_no(session, no, lock=True)
    if found is None:
        raise NotFound
    return found


def to_read(no: ChangeNo, session: ReadSessionDep) -> CatalogueChange:
    found = repository.by_no(session, no)
    if found is None:
        raise NotFound
    return found


RecordableResource = Annotated[Authorized[DataResource], may(Action.UPDATE_RECORD, by_code)]
#: "Seen": for the page with the form.
RecordableResourceSeen = Annotated[
    Authorized[DataResource], may(Action.UPDATE_RECORD, seen_by_code)
]
CauseNo = Annotated[str, Path(max_length=20, description="Public number, UC-2026-000123")]


def cause_seen(no: CauseNo, session: ReadSessionDep) -> UpdateCause:
    found = repository.cause_by_no(session, no)
    if found is None:
        raise NotFound
    return found


BoardReader = Annotated[Subject, may_list(Action.UPDATE_READ)]
CauseRecorder = Annotated[Subject, may_at(Action.CAUSE_RECORD, CAUSES)]
ReadableCause = Annotated[Authorized[UpdateCause], may(Action.CAUSE_READ, cause_seen)]
NameableChange = Annotated[Authorized[CatalogueChange], may(Action.UPDATE_NAME, to_change)]
DismissableChange = Annotated[Authorized[CatalogueChange], may(Action.UPDATE_DISMISS, to_change)]
ReadableChange = Annotated[Authorized[CatalogueChange], may(Action.UPDATE_READ, to_read)]
AskableChange = Annotated[Authorized[CatalogueChange], may(Action.UPDATE_ASK, to_change)]
ExtendableChange = Annotated[Authorized[CatalogueChange], may(Action.UPDATE_EXTEND, to_change)]
