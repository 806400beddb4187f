"""What may be said of an information item: one row a field, in the order of the form."""

from collections.abc import Sequence
from typing import Final

from catalog.elements.words import DataType
from catalog.resources.fields.field import Field
from catalog.resources.fields.grouped import BASIS, withheld
from catalog.resources.fields.origin import PARTS as ORIGIN
from catalog.resources.fields.origin import told
from catalog.resources.words import SecurityLevel, ShareType
from shuqiao.i18n import _
from shuqiao.words import as_flag, as_word

ITEM_FIELDS: Final[Sequence[Field]] = (
    Field(name="name", label=_("Item name"), export_width=24, in_client=True),
    Field(
        name="column_name",
        label=_("Column of the data"),
        export_width=18,
        meaning=_("Name of the column in the stored data"),
        in_client=True,
    ),
    Field(
        name="data_type",
        label=_("Data type"),
        words=as_word(DataType),
        export_width=14,
        meaning=_("Data type by the letters of the cataloguing guide"),
        in_client=True,
    ),
    Field(
        name="element",
        label=_("Data element"),
        export_width=16,
        meaning=_("Identifier of the data element"),
        in_client=True,
    ),
    Field(
        name="share_type",
        label=_("Share type"),
        words=as_word(ShareType),
        export_width=14,
        in_client=True,
    ),
    Field(name="security_level", label=_("Level"), words=as_word(SecurityLevel), export_width=16),
    Field(
        name="is_personal",
        label=_("Personal information"),
        words=as_flag,
        export_width=10,
        meaning=_("Whether it holds personal information"),
        in_client=True,
    ),
    Field(name="description", label=_("Description"), export_width=48, in_client=True),
    Field(
        name="withholding",
        label=_("Legal basis for not sharing"),
        words=withheld,
        parts=BASIS,
        export_width=40,
        meaning=_("Why the item is not shared"),
    ),
    Field(name="is_key", label=_("Primary key"), words=as_flag, export_width=8),
    Field(
        name="origin",
        label=_("Origin"),
        words=told,
        parts=ORIGIN,
        export_width=36,
        meaning=_("Where its values come from"),
        in_client=True,
    ),
)
