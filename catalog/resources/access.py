"""From the code in an address to the resource: dependencies of routes,
for programs and for pages alike.
"""

from typing import Annotated

from auth.guard import Authorized, may, may_list
from catalog.resources import repository
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep, reading
from shuqiao.errors import NotFound
from shuqiao.subject import Subject


def by_code(code: str, session: SessionDep) -> DataResource:
    """The resource, locked, for a route that changes it."""
    found = repository.by_code(session, code, lock=True)
    if found is None:
        raise NotFound
    return found


def seen_by_code(code: str, session: ReadSessionDep) -> DataResource:
    """The resource for a route that reads."""
    found = repository.by_code(session, code)
    if found is None:
        raise NotFound
    return found


def unlocked_by_code(code: str, session: SessionDep) -> DataResource:
    """The resource for a route that writes something beside it, such as a draft of one person."""
    found = repository.by_code(session, code)
    if found is None:
        raise NotFound
    return found


def glanced_by_code(code: str) -> DataResource:
    """The resource as it is now, without a session kept open: for
    routes that decode before they change.
    """
    with reading() as session:
        found = repository.by_code(session, code)
        if found is None:
            raise NotFound
        session.expunge(found)
    return found


#: Whoever lists resources, or searches what is published.
ResourceReader = Annotated[Subject, may_list(Action.RESOURCE_READ)]
ReadableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_READ, seen_by_code)]
