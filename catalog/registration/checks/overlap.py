"""Rule 14 by values: how much of a column stands in one that was delivered to the department (Order
809, Art. 25). Evidence for whoever reviews, never a refusal: that values are the same does not say
whose they are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlmodel import Session

from catalog.duplicates.checks.values import digested, texts_of
from catalog.duplicates.fields import Digests
from shuqiao.i18n import Message, _
from shuqiao.web.slots import Slot

#: So many rows of a column are looked at, and so many of its different values are sketched.
ROWS: Final = 30_000
SKETCHED: Final = 2_048
#: From this share of so many compared values on it is evidence.
SHARE: Final = 0.5
COMPARED: Final = 20
#: What tells one register from others: mostly different values, not too short, no days.
_DIFFERENT: Final = 0.5
_LENGTH: Final = 4
_DAY: Final = r"^(19|20)[0-9]{2}[-/.年]?[01]?[0-9]"
_EVERY: Final = np.uint64(2**64 - 1)


@dataclass(frozen=True, slots=True)
class Sketch:
    """The smallest keyed digests of a column's different values, in order. ``is_telling``: whether
    they are of a kind that others do not have by chance.
    """

    digests: Digests
    is_telling: bool

    @property
    def bound(self) -> np.uint64:
        """Up to here it says of every digest whether it is there."""
        return self.digests[-1] if len(self.digests) == SKETCHED else _EVERY


@dataclass(frozen=True, slots=True)
class DeliveredColumn:
    """A column that was delivered as it is: whose, under which grant, by which delivery last.
    ``snapshot_id``: where its rows are; None for what was read live or masked.
    """

    name: str
    column_name: str
    provider: str
    resource_code: str
    resource_title: str
    grant_no: str
    delivery_no: str
    edition_no: int | None
    snapshot_id: str | None


#: The columns that were delivered to a department, the newest first; the exchange stands above.
DELIVERED: Slot[Callable[[Session, UUID], Sequence[DeliveredColumn]]] = Slot(
    lambda _session, _id: ()
)


@dataclass(frozen=True, slots=True)
class Overlap:
    """``share`` (0 … 1) of ``compared`` different values of an item stand in a delivered column."""

    item_id: UUID
    share: float
    compared: int
    delivered: DeliveredColumn

    def kept(self) -> dict[str, Any]:
        return {**asdict(self), "item_id": str(self.item_id)}

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> Self:
        delivered = DeliveredColumn(**kept["delivered"])
        return cls(UUID(kept["item_id"]), kept["share"], kept["compared"], delivered)

    def told(self, item: str) -> Message:
        """For whoever reviews, and for whoever registers."""
        each = self.delivered
        return _(
            "%(share)s%% of the values of “%(item)s” (%(compared)s compared) stand in "
            "“%(column)s” of “%(title)s” (%(code)s), delivered by %(provider)s: %(delivery)s. "
            "Whose are they? Declared as produced by processing, or as taken from that source, "
            "it is answered.",
            share=round(100 * self.share),
            item=item,
            compared=self.compared,
            column=each.name,
            title=each.resource_title,
            code=each.resource_code,
            provider=each.provider,
            delivery=each.delivery_no
            if each.edition_no is None
            else _("%(no)s, edition %(edition)s", no=each.delivery_no, edition=each.edition_no),
        )


def sketch(parts: Iterable[pa.Array], key: bytes) -> Sketch:
    """Of the parts of one column; nothing of them is kept but digests under our own key."""
    texts = pa.chunked_array([texts_of(each) for each in parts], pa.string())
    different = texts.unique()
    digests = np.unique(digested(different.to_pylist(), key))
    return Sketch(digests[:SKETCHED], _is_telling(different, len(texts)))


def _is_telling(different: pa.StringArray, rows: int) -> bool:
    if len(different) < max(COMPARED, _DIFFERENT * rows):
        return False
    days = pc.mean(pc.match_substring_regex(different, _DAY)).as_py()
    return bool(np.median(pc.utf8_length(different)) >= _LENGTH and days < _DIFFERENT)


def contained(one: Sketch, other: Sketch) -> tuple[float, int]:
    """Which share of the values of ``one`` stand in ``other``, and of how many that is told: those
    whose digest ``other`` speaks of, which are chosen by nothing but the key.
    """
    asked = one.digests[one.digests <= other.bound]
    if not len(asked):
        return 0.0, 0
    return float(np.isin(asked, other.digests, assume_unique=True).mean()), len(asked)


def overlaps(
    items: Mapping[UUID, Sketch], delivered: Sequence[tuple[DeliveredColumn, Sketch]]
) -> list[Overlap]:
    """The best of each item. What would be the same by chance – short, repeated, days – counts only
    beside another column of the same resource that would not.
    """
    pairs = [
        (item_id, column, *contained(own, theirs), own.is_telling and theirs.is_telling)
        for item_id, own in items.items()
        for column, theirs in delivered
    ]
    alike = [each for each in pairs if each[2] >= SHARE and each[3] >= COMPARED]
    telling = {column.resource_code for _item, column, _share, _of, tells in alike if tells}
    found: dict[UUID, Overlap] = {}
    for item_id, column, share, compared, _tells in alike:
        best = found.get(item_id)
        if column.resource_code in telling and (best is None or share > best.share):
            found[item_id] = Overlap(item_id, share, compared, column)
    return list(found.values())
