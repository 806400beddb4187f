"""The catalogue as a file: every resource the list shows, in its order,
and the items of one resource.
"""

from collections.abc import Iterable, Sequence
from typing import IO, Final

from catalog.resources.schemas import ItemRead
from shuqiao.i18n import _
from shuqiao.web.downloads import FileKind, TitledColumn, table_file

_ITEMS: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("No."), 6),
    TitledColumn(_("Information item"), 24),
    TitledColumn(_("Column"), 18),
    TitledColumn(_("Data type"), 14),
    TitledColumn(_("Data element"), 16),
    TitledColumn(_("Personal information"), 10),
    TitledColumn(_("Share type"), 14),
    TitledColumn(_("Level"), 16),
    TitledColumn(_("Description"), 48),
)


def items_file(items: Iterable[ItemRead], kind: FileKind) -> IO[bytes]:
    """The information items of one resource."""
    rows = (
        (
            place,
            item.name,
            item.column_name,
            str(item.data_type.label),
            item.element or "",
            item.is_personal,
            str(item.share_type.label),
            str(item.security_level.label) if item.security_level else "",
            item.description,
        )
        for place, item in enumerate(items, start=1)
    )
    return table_file(kind, _("Information items"), _ITEMS, rows)
