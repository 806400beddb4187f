"""The published versions of an element: listed, one as it was, and two compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlmodel import Session

from auth.guard import Authorized
from catalog.elements import repository
from catalog.elements.models import DataElement, ElementVersion
from catalog.elements.schemas import ElementDifference, ElementVersionRead
from catalog.elements.service import versions
from catalog.elements.views.element import Told, told
from shuqiao.changes import Change
from shuqiao.i18n import Message
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class VersionsPage(Page):
    """Every published version, and what became different from one to the next."""

    template = "elements/versions.html"
    element: DataElement
    rows: Sequence[ElementVersionRead]
    became: Mapping[int, Sequence[Change]]


@dataclass(frozen=True, slots=True)
class VersionPage(Page):
    """One version as it was published."""

    template = "elements/version.html"
    element: DataElement
    row: ElementVersionRead
    definition: str
    groups: Told


def versions_page(session: Session, found: Authorized[DataElement]) -> VersionsPage:
    rows = repository.versions(session, found.object.id)
    became = {
        row.number: versions.differences(before.content, row.content)
        for row, before in pairwise(rows)
    }
    return VersionsPage(
        element=found.object, rows=[read(found.object, row) for row in rows], became=became
    )


def version_page(session: Session, found: Authorized[DataElement], number: int) -> VersionPage:
    row = versions.version_of(session, found.object, number)
    return VersionPage(
        element=found.object,
        row=read(found.object, row),
        definition=str(row.content["definition"]),
        groups=told(row.content),
    )


def read(element: DataElement, row: ElementVersion) -> ElementVersionRead:
    """A version as programs read it."""
    is_current = element.is_in_force and row.number == element.published_version
    kept = row.model_dump(include=set(ElementVersionRead.model_fields))
    return ElementVersionRead(**kept, is_current=is_current)


def differences(
    session: Session, element: DataElement, before: int, after: int
) -> list[ElementDifference]:
    """What two versions say otherwise. Raises ``NotFound``."""
    one = versions.version_of(session, element, before)
    other = versions.version_of(session, element, after)
    return [
        ElementDifference(
            field=each.name,
            label=_text(each.field.label),
            before=_text(each.before),
            after=_text(each.after),
        )
        for each in versions.differences(one.content, other.content)
    ]


def _text(text: str | Message) -> str:
    return str(text)
