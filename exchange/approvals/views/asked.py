"""What is asked for, as the decision form and its page need it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa

from catalog.resources.models import ResourceItem
from catalog.resources.words import ShareType
from exchange.approvals.checks.reply import item_types
from exchange.requests.checks import Covers

#: So many lines, joined by *and*, has the row filter of the form.
CONDITIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form is about: the requested items in order, all items
    of the resource, its data's columns.
    """

    items: Sequence[ResourceItem]
    everything: Sequence[ResourceItem]
    schema: pa.Schema | None
    share_type: ShareType
    until: date
    #: Departments that a refusal may name as the one to ask: code → name.
    sources: Mapping[str, str]
    #: What of the requested items the negative list strikes now.
    covers: Covers

    @property
    def types(self) -> Mapping[str, pa.DataType]:
        """Types of the items a row filter may name, by id."""
        return item_types(self.everything, self.schema) if self.schema is not None else {}


def is_sayable(row_filter: Mapping[str, Any] | None) -> bool:
    """Whether three lines joined by *and* can say this filter."""
    return row_filter is None or conditions_of(row_filter) is not None


def conditions_of(row_filter: Mapping[str, Any] | None) -> list[Mapping[str, Any]] | None:
    if row_filter is None:
        return []
    if "item" in row_filter:
        return [row_filter]
    parts = row_filter.get("args", []) if row_filter.get("op") == "and" else []
    is_flat = bool(parts) and len(parts) <= CONDITIONS and all("item" in part for part in parts)
    return list(parts) if is_flat else None
