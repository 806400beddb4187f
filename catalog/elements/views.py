"""The standards as people read them: the list of data elements, and the page of one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from auth.guard import Authorized
from catalog.elements import repository, service
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementRead
from shuqiao.subject import Subject
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest
from shuqiao.web.slots import PageSlot, ShownPanel, Slot

#: Cards that higher stages add: who follows the element.
PAGE: PageSlot[DataElement] = PageSlot()
#: The names of the departments that are the source, by identifier; claims stand above elements.
SOURCES: Slot[Callable[[Session, Sequence[DataElement]], Mapping[str, str]]] = Slot(
    lambda _session, _elements: {}
)


@dataclass(frozen=True, slots=True)
class ElementsPage(Page):
    """Data elements by identifier; ``sought``: what the reader looks for, "" for all."""

    template = "elements/list.html"
    sought: str
    rows: Sequence[ElementRead]
    sources: Mapping[str, str]
    is_first: bool
    next_href: str


@dataclass(frozen=True, slots=True)
class ElementPage(Page):
    """One data element: its standard, the way to its codes, who follows it."""

    template = "elements/element.html"
    element: ElementRead
    panels: Sequence[ShownPanel]


def elements_page(
    session: Session, subject: Subject, wanted: PageRequest, sought: str
) -> ElementsPage:
    rows, following = repository.page(session, subject, wanted, sought)
    return ElementsPage(
        sought=sought,
        rows=service.read_models(session, rows),
        sources=SOURCES.held(session, rows),
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
    )


def element_page(session: Session, found: Authorized[DataElement]) -> ElementPage:
    return ElementPage(
        element=service.read_model(session, found.object),
        panels=PAGE.shown(session, found.subject, found.object),
    )
