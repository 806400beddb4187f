"""The list of data elements, as a page and as a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final
from urllib.parse import urlencode

from sqlmodel import Session

from catalog.elements import repository
from catalog.elements.fields import FIELDS
from catalog.elements.models import DataElement
from catalog.elements.schemas import ElementRead, Sought
from catalog.elements.service import reading
from catalog.elements.words import DataType, ElementStatus, Sourcing, StandardKind
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.downloads import Cell, FileKind, TitledColumn, table_file
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest
from shuqiao.web.slots import Slot
from shuqiao.words import Word

#: The names of the departments that are the source, by identifier; claims stand above elements.
SOURCES: Slot[Callable[[Session, Sequence[DataElement]], Mapping[str, str]]] = Slot(
    lambda _session, _elements: {}
)
#: What the list can be narrowed by: the parameter, what it is called, its words.
CHOICES: Final[Sequence[tuple[str, Message, type[Word]]]] = (
    ("status", _("State"), ElementStatus),
    ("data_type", _("Data type"), DataType),
    ("sourcing", _("Kind of source"), Sourcing),
    ("standard_kind", _("Kind of standard"), StandardKind),
)
COLUMNS: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("Identifier"), 14),
    *(TitledColumn(each.label, each.width) for each in FIELDS),
    TitledColumn(_("State"), 10),
    TitledColumn(_("Adopted"), 20),
)


@dataclass(frozen=True, slots=True)
class ElementsPage(Page):
    """Data elements by identifier; ``sought``: what the reader looks for."""

    template = "elements/list.html"
    sought: Sought
    filters: Form
    choices: Sequence[tuple[str, Message, Sequence[tuple[str, Message]]]]
    is_narrowed: bool
    export_href: str
    rows: Sequence[ElementRead]
    sources: Mapping[str, str]
    is_first: bool
    next_href: str


def elements_page(
    session: Session, subject: Subject, wanted: PageRequest, sought: Sought
) -> ElementsPage:
    rows, following = repository.page(session, subject, wanted, sought)
    asked = sought.choices | {"q": sought.q, "domain": sought.domain}
    return ElementsPage(
        sought=sought,
        filters=Form.of(asked),
        choices=[
            (name, label, [(each.value, each.label) for each in words])
            for name, label, words in CHOICES
        ],
        is_narrowed=bool(sought.choices or sought.domain),
        export_href=f"/elements/export?{urlencode(asked)}",
        rows=reading.read_models(session, rows),
        sources=SOURCES.held(session, rows),
        is_first=wanted.after is None,
        next_href=wanted.href(following) if following else "",
    )


def elements_file(session: Session, subject: Subject, sought: Sought, kind: FileKind) -> IO[bytes]:
    """Exactly what the list shows, all pages of it; the columns are those of a list to import."""
    rows = reading.read_models(session, repository.everything(session, subject, sought))
    return table_file(kind, _("Data elements"), COLUMNS, map(_cells, rows))


def stated(element: ElementRead) -> Mapping[str, Any]:
    """What an element says, by the names of the fields."""
    domain = element.value_domain.identifier if element.value_domain else None
    return {**dict(element), "domain": domain}


def _cells(element: ElementRead) -> Sequence[Cell]:
    said = stated(element)

    def cells() -> Iterator[Cell]:
        yield element.identifier
        for each in FIELDS:
            value = said[each.name]
            yield value if isinstance(value, int) else each.words(value)
        yield str(element.status.label)
        yield element.adopted_at

    return tuple(cells())
