"""The page of one data element: the standard as people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from auth.guard import Authorized
from catalog.elements.fields import FIELDS
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementRead
from catalog.elements.service import reading
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
    shown = reading.read_model(session, found.object)
    return ElementPage(
        element=shown,
        groups=told(stated(shown)),
        panels=PAGE.shown(session, found.subject, found.object),
    )


def told(said: Mapping[str, Any]) -> Told:
    """What an element says, group by group; its definition and its codes stand by themselves."""
    lines = {
        group: [
            (each.label, str(each.words(said.get(each.name))))
            for each in FIELDS
            if each.group is group and each.name not in ("name", "definition", "domain")
            if said.get(each.name) not in (None, "", [])
        ]
        for group in Group
    }
    return [(group.label, found) for group, found in lines.items() if found]
