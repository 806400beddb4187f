"""From the identifier in an address to the data element."""

from typing import Annotated

from fastapi import Query

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


#: What an element is looked for by.
Sought = Annotated[
    str,
    Query(
        max_length=100,
        description="Part of an identifier, a name, a definition or the number of a standard.",
    ),
]
#: Whoever lists elements.
ElementReader = Annotated[Subject, may_list(Action.ELEMENT_READ)]
ReadableElement = Annotated[Authorized[DataElement], may(Action.ELEMENT_READ, by_identifier)]
