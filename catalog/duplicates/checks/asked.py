"""What is compared: an item as it stands, an element as it is adopted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from catalog.duplicates.fields import ColumnProfile, Digests
from catalog.elements.words import DataType
from shuqiao.codes.rules import CodeKind


@dataclass(frozen=True, slots=True)
class Item:
    """An item with what its column holds."""

    name: str
    column_name: str
    definition: str
    data_type: DataType
    values: ColumnProfile = field(default_factory=ColumnProfile)


@dataclass(frozen=True, slots=True)
class Standard:
    """An element: ``codes`` are digests of its value domain, ``held`` the sketches of items that
    are bound to it already.
    """

    name: str
    definition: str
    data_type: DataType
    synonyms: Sequence[str] = ()
    name_en: str = ""
    kind: CodeKind | None = None
    codes: Digests = field(default_factory=lambda: np.zeros(0, np.uint64))
    held: Sequence[Digests] = ()

    @property
    def names(self) -> list[str]:
        return [self.name, *self.synonyms]
