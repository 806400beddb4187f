"""From the address to an edition of an entry, and to the renewal of its data."""

from typing import Annotated

from fastapi import Path

from auth.guard import Authorized, is_allowed, may
from catalog.editions import repository
from catalog.editions.models import Edition
from catalog.resources.access import by_code, seen_by_code
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.texts import INT4_MAX

EditionNumber = Annotated[int, Path(ge=1, le=INT4_MAX, description="Counted within the entry")]


def to_change(code: str, number: EditionNumber, session: SessionDep) -> Edition:
    """The edition, its entry locked."""
    found = repository.by_number(session, by_code(code, session).id, number)
    if found is None:
        raise NotFound
    return found


def to_read(code: str, number: EditionNumber, session: ReadSessionDep) -> Edition:
    found = repository.by_number(session, seen_by_code(code, session).id, number)
    if found is None:
        raise NotFound
    return found


ReadableEdition = Annotated[Authorized[Edition], may(Action.RESOURCE_READ, to_read)]
SettledEdition = Annotated[Authorized[Edition], may(Action.RESOURCE_ATTACH, to_change)]
#: "Seen": for the page and for reading.
RenewedResourceSeen = Annotated[Authorized[DataResource], may(Action.RESOURCE_ATTACH, seen_by_code)]
RenewedResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_ATTACH, by_code)]


def sees_all(subject: Subject, resource: DataResource) -> bool:
    """Whether editions that never were current, and reports, are shown: to those who attach."""
    return is_allowed(subject, Action.RESOURCE_ATTACH, resource)
