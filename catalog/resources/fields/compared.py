"""The table by which two states of an entry are compared (``shuqiao.changes``): the reviewer reads
the rows beside an entry, everybody in the history of versions.

A state is an entry as it is kept: ``ResourceRead`` or ``CatalogEntry`` as JSON.
"""

from typing import Any, Final

from catalog.elements.words import DataType
from catalog.resources.fields.items import ITEM_FIELDS
from catalog.resources.fields.table import FIELDS
from catalog.resources.words import SecurityLevel
from shuqiao.changes import Field, Kind, Members
from shuqiao.i18n import _
from shuqiao.words import as_word


def _item_words(item: Any) -> str:
    """An item in a line: its type, its level, and that it is personal information."""
    parts = [
        as_word(DataType)(item.get("data_type")),
        as_word(SecurityLevel)(item.get("security_level")),
        str(_("Personal information")) if item.get("is_personal") else "",
    ]
    return " · ".join(part for part in parts if part)


#: An item is found again by its id, else by its name, else by the column that holds it: then it was
#: renamed.
ITEMS: Final = Members(
    name="items",
    label=_("Information item"),
    called=_("Information item “%(name)s”"),
    keys=("id", "name", "column_name"),
    fields=ITEM_FIELDS,
    words=_item_words,
    order=_("Order of the items"),
    counted={
        Kind.ADDED: _("items added: %(count)s"),
        Kind.REMOVED: _("items removed: %(count)s"),
        Kind.CHANGED: _("items changed: %(count)s"),
    },
)
#: What an entry says, in the order in which it is asked for, and its items.
ENTRY: Final[tuple[Field, ...]] = (*(each for each in FIELDS if each.name != ITEMS.name), ITEMS)
#: Members of a kept entry that say nothing about the data: identity, state and numbers of the
#: record itself.
BOOKKEEPING: Final = frozenset(
    {
        "code",
        "class_code",
        "status",
        "review_step",
        "version",
        "published_version",
        "published_at",
        "updated_at",
        "latest_version",
        "is_self_reviewed",
        "resource_id",
        "id",
        "position",
    }
)
