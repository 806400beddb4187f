"""The page that takes in a list of elements, and the template for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from catalog.elements.checks import Fault
from catalog.elements.fields import FIELDS, ElementField
from catalog.elements.words import ElementStatus
from shuqiao.i18n import Message, _
from shuqiao.web.downloads import FileKind, TitledColumn, table_file
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

LABELS: Final[Mapping[str, Message]] = {
    "file": _("File with the data elements"),
    "status": _("Import them as"),
    **{each.name: each.label for each in FIELDS},
}
WAYS: Final[Sequence[tuple[str, Message, Message]]] = (
    (
        ElementStatus.STANDARD.value,
        _("Published"),
        _("A national, industry or local standard that was issued; adopted at once."),
    ),
    (
        ElementStatus.DRAFT.value,
        _("Drafts"),
        _("Elements of our own: each is proposed and heard before it is published."),
    ),
)


@dataclass(frozen=True, slots=True)
class ElementImportPage(Page):
    """The form, the columns it knows, and what was wrong with the list sent last."""

    template = "elements/import.html"
    form: Form
    labels: Mapping[str, Message]
    ways: Sequence[tuple[str, Message, Message]]
    fields: Sequence[ElementField]
    faults: Sequence[Fault]
    fault_count: int


#: Faults that a page or an answer names; the count is always exact.
NAMED: Final = 1_000


def import_page(form: Form, faults: Sequence[Fault] = ()) -> ElementImportPage:
    return ElementImportPage(
        form=form,
        labels=LABELS,
        ways=WAYS,
        fields=FIELDS,
        faults=faults[:NAMED],
        fault_count=len(faults),
    )


def template_file(kind: FileKind) -> IO[bytes]:
    """An empty list with the heads of all columns."""
    columns = [
        TitledColumn(_("Identifier"), 14),
        *(TitledColumn(each.label, each.width) for each in FIELDS),
    ]
    return table_file(kind, _("Data elements"), columns, ())
