"""The page of one data element: the standard as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from auth.guard import Authorized
from catalog.elements import service
from catalog.elements.fields import FIELDS
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementRead
from catalog.elements.views.listing import stated
from catalog.elements.words import Group
from shuqiao.i18n import Message
from shuqiao.web.page import Page
from shuqiao.web.slots import PageSlot, ShownPanel

#: Cards that higher stages add: who follows the element.
PAGE: PageSlot[DataElement] = PageSlot()
#: The label of a group, and what is said in it: label and text of each field that says something.
Told = Sequence[tuple[Message, Sequence[tuple[Message, str]]]]


@dataclass(frozen=True, slots=True)
class ElementPage(Page):
    """One data element: its standard, the way to its codes, who follows it."""

    template = "elements/element.html"
    element: ElementRead
    groups: Told
    panels: Sequence[ShownPanel]


def element_page(session: Session, found: Authorized[DataElement]) -> ElementPage:
    shown = service.read_model(session, found.object)
    return ElementPage(
        element=shown,
        groups=told(shown),
        panels=PAGE.shown(session, found.subject, found.object),
    )


def told(element: ElementRead) -> Told:
    """What the element says, group by group; its definition and its codes stand by themselves."""
    said = stated(element)
    lines = {
        group: [
            (each.label, each.words(said[each.name]))
            for each in FIELDS
            if each.group is group and each.name not in ("name", "definition", "domain")
            if said[each.name] not in (None, "", [])
        ]
        for group in Group
    }
    return [(group.label, found) for group, found in lines.items() if found]
