"""The catalogue as a file: every resource the list shows, in its order,
and the items of one resource.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final

from catalog.resources.fields.table import ITEM_FIELDS
from catalog.resources.schemas import ItemRead
from shuqiao.i18n import _
from shuqiao.web.downloads import Cell, FileKind, TitledColumn, table_file

_ITEMS: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("No."), 6),
    *(TitledColumn(each.label, each.export_width) for each in ITEM_FIELDS),
)


def items_file(items: Iterable[ItemRead], kind: FileKind) -> IO[bytes]:
    """The information items of one resource."""
    rows = ((place, *_cells(item)) for place, item in enumerate(items, start=1))
    return table_file(kind, _("Information items"), _ITEMS, rows)


def _cells(item: ItemRead) -> Iterator[Cell]:
    for each in ITEM_FIELDS:
        value = getattr(item, each.name)
        yield value if isinstance(value, bool) else each.words(value)
