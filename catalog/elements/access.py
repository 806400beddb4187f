"""From the identifier in an address to the data element."""

from typing import Annotated, Final

from fastapi import Depends, Path, Query
from pydantic import BeforeValidator

from auth.guard import Authorized, may, may_list
from catalog.elements import repository
from catalog.elements.models import DataElement
from catalog.elements.schemas import Sought
from catalog.elements.words import DataType, ElementStatus, Sourcing, StandardKind
from policies.actions import Action
from shuqiao.db import ReadSessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.texts import INT4_MAX


def by_identifier(identifier: str, session: ReadSessionDep) -> DataElement:
    found = repository.by_identifier(session, identifier)
    if found is None:
        raise NotFound
    return found


#: A choice that was left open in a form is none.
_CHOICE: Final = BeforeValidator(lambda value: value or None)


def sought(
    q: Annotated[
        str,
        Query(
            max_length=100,
            description="Part of an identifier, a name or synonym, a definition or the number of a "
            "standard.",
        ),
    ] = "",
    status: Annotated[ElementStatus | None, _CHOICE, Query(description="In this state")] = None,
    data_type: Annotated[DataType | None, _CHOICE, Query(description="Of this type")] = None,
    sourcing: Annotated[
        Sourcing | None, _CHOICE, Query(description="With this kind of source")
    ] = None,
    standard_kind: Annotated[
        StandardKind | None, _CHOICE, Query(description="From this kind of standard")
    ] = None,
    domain: Annotated[
        str, Query(max_length=40, description="That go by this value domain, for example VD-000001")
    ] = "",
) -> Sought:
    """Dependency behind ``SoughtDep``: the same on the page, in the export and in the API."""
    return Sought(q.strip(), status, data_type, sourcing, standard_kind, domain.strip())


SoughtDep = Annotated[Sought, Depends(sought)]
VersionNumber = Annotated[int, Path(ge=1, le=INT4_MAX, description="Counted within the element")]
#: Whoever lists elements.
ElementReader = Annotated[Subject, may_list(Action.ELEMENT_READ)]
ReadableElement = Annotated[Authorized[DataElement], may(Action.ELEMENT_READ, by_identifier)]
