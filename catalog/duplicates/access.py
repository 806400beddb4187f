"""Entries whose items are bound, by whoever edits them; suspicions, by whoever may look at them."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query

from auth.guard import Authorized, Place, authorize, may, may_list
from auth.identify import SubjectDep
from catalog.duplicates.repository import listed
from catalog.duplicates.repository.listed import Listed
from catalog.duplicates.words import Suspicion
from catalog.resources.access import in_work, new_entry, seen_in_work
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import Forbidden, NotFound
from shuqiao.subject import Subject

BindableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, in_work)]
BindableResourceSeen = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, seen_in_work)]


def editing_drafts(subject: SubjectDep) -> Authorized[Place]:
    """The guard of binding many drafts: it is decided on an entry of the own department. That there
    is the page is no secret.
    """
    place = new_entry(subject)
    try:
        return Authorized(authorize(subject, Action.RESOURCE_EDIT, place), place)
    except NotFound:
        raise Forbidden from None


# As of ``auth.guard.may``.
editing_drafts.__guards__ = Action.RESOURCE_EDIT  # type: ignore[attr-defined]
#: Whoever edits the drafts of the department.
DraftsEditor = Annotated[Authorized[Place], Depends(editing_drafts)]

SuspicionId = Annotated[UUID, Path(description="Id of a suspected duplicate")]


def to_read(suspicion: SuspicionId, session: ReadSessionDep) -> Listed:
    return _found(listed.by_id(session, suspicion))


def to_dismiss(suspicion: SuspicionId, session: SessionDep) -> Listed:
    return _found(listed.by_id(session, suspicion, lock=True))


def _found(row: Listed | None) -> Listed:
    if row is None:
        raise NotFound
    return row


#: Whoever lists suspected duplicates.
DuplicatesReader = Annotated[Subject, may_list(Action.DUPLICATE_READ)]
ReadableSuspicion = Annotated[Authorized[Listed], may(Action.DUPLICATE_READ, to_read)]
DismissableSuspicion = Annotated[Authorized[Listed], may(Action.DUPLICATE_DISMISS, to_dismiss)]
Narrowed = Annotated[Suspicion | None, Query(description="Only those that stand there")]
