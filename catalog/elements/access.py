"""From the identifier in an address to the data element."""

from typing import Annotated

from auth.guard import Authorized, may, may_list
from catalog.elements import repository
from catalog.elements.models import DataElement
from policies.actions import Action
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject


def by_identifier(identifier: str, session: ReadSessionDep) -> DataElement:
    found = repository.by_identifier(session, identifier)
    if found is None:
        raise NotFound
    return found


#: Whoever lists elements.
ElementReader = Annotated[Subject, may_list(Action.ELEMENT_READ)]
ReadableElement = Annotated[Authorized[DataElement], may(Action.ELEMENT_READ, by_identifier)]
