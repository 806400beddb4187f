"""Entries that are changed, and working copies as such."""

from typing import Annotated

from sqlmodel import Session

from auth.guard import Authorized, may
from catalog.resources import repository as resources
from catalog.resources.access import by_code, in_work, seen_by_code, seen_in_work
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound


def copy_by_code(code: str, session: SessionDep) -> DataResource:
    """The working copy, locked after its entry. Raises ``NotFound``."""
    return _copy(session, by_code(code, session), lock=True)


def seen_copy_by_code(code: str, session: ReadSessionDep) -> DataResource:
    """The working copy for a route that reads. Raises ``NotFound``."""
    return _copy(session, seen_by_code(code, session))


def _copy(session: Session, entry: DataResource, *, lock: bool = False) -> DataResource:
    found = resources.working_copy(session, entry, lock=lock)
    if found is None:
        raise NotFound
    return found


ChangeableEntry = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, by_code)]
ChangeableEntrySeen = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, seen_by_code)]
ReadableCopy = Annotated[Authorized[DataResource], may(Action.RESOURCE_READ, seen_copy_by_code)]
DiscardableCopy = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, copy_by_code)]
#: What a page throws away or takes back is what is worked on.
DiscardableInWork = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, in_work)]
EditableInWorkSeen = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, seen_in_work)]
RecallableInWork = Annotated[Authorized[DataResource], may(Action.RESOURCE_SUBMIT, in_work)]
RecallableInWorkSeen = Annotated[
    Authorized[DataResource], may(Action.RESOURCE_SUBMIT, seen_in_work)
]
