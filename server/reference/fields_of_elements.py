"""Labels of the fields that only data elements have."""

from collections.abc import Mapping
from typing import Final

from catalog.elements.fields import FIELDS
from shuqiao.i18n import Message

#: Name of a field → what it says.
OF_ELEMENTS: Final[Mapping[str, Message]] = {each.name: each.label for each in FIELDS}
