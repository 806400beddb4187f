"""The catalogue as a file: every resource the list shows, in its order,
and the items of one resource.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final

from sqlmodel import Session

from catalog.publication import service
from catalog.resources.fields.items import ITEM_FIELDS
from catalog.resources.schemas import ItemRead
from shuqiao.i18n import _
from shuqiao.web.downloads import Cell, FileKind, TitledColumn, table_file

_ITEMS: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("No."), 6),
    *(TitledColumn(each.label, each.export_width) for each in ITEM_FIELDS),
)
_SELF_REVIEWS: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("What was decided"), 24),
    TitledColumn(_("Case number"), 18),
    TitledColumn(_("Resource code"), 18),
    TitledColumn(_("Catalogue name"), 36),
    TitledColumn(_("Version"), 8),
    TitledColumn(_("Department"), 24),
    TitledColumn(_("Decided by"), 14),
    TitledColumn(_("Decided at"), 20),
)


def items_file(items: Iterable[ItemRead], kind: FileKind) -> IO[bytes]:
    """The information items of one resource."""
    rows = ((place, *_cells(item)) for place, item in enumerate(items, start=1))
    return table_file(kind, _("Information items"), _ITEMS, rows)


def self_reviews_file(session: Session, kind: FileKind) -> IO[bytes]:
    """Everything the data administration decided about itself, the latest first."""
    decided, _end = service.self_reviews(session)
    rows = (
        (
            str(each.kind.label),
            each.number or "",
            each.code,
            each.title,
            each.version or "",
            each.department,
            each.decided_by,
            each.decided_at,
        )
        for each in decided
    )
    return table_file(kind, _("Reviews of the own department"), _SELF_REVIEWS, rows)


def _cells(item: ItemRead) -> Iterator[Cell]:
    for each in ITEM_FIELDS:
        value = getattr(item, each.name)
        yield value if isinstance(value, bool) else each.words(value)
