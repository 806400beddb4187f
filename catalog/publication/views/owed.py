"""What is owed for an entry under review, and whether the version touches what its cause names: an
advice to the reviewer, never a block.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from auth.guard import is_allowed
from catalog.publication import service
from catalog.resources.fields.compared import ENTRY
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from catalog.updates.lifecycle import OPENS
from catalog.updates.models import CatalogueChange
from catalog.updates.repository import owed as updates
from policies.actions import Action
from shuqiao.changes import compare
from shuqiao.i18n import Message
from shuqiao.subject import Subject


@dataclass(frozen=True, slots=True)
class Owed:
    """One update that the publication would meet. ``is_touched``: whether the version changes what
    its cause is about.
    """

    change: CatalogueChange
    task: Message
    is_touched: bool


def owed(
    session: Session, subject: Subject, resource: DataResource, entry: ResourceRead
) -> Sequence[Owed]:
    """All that is owed for the entry, the oldest first; of one that was never published nothing is
    compared.
    """
    rows = [
        row
        for row in updates.owed_for(session, resource.code)
        if is_allowed(subject, Action.UPDATE_READ, row)
    ]
    if not rows:
        return []
    published = service.latest_entries(session, [resource]).get(resource.entry_id)
    before = published.model_dump(mode="json") if published is not None else None
    after = entry.model_dump(mode="json")
    return [
        Owed(row, OPENS[row.kind].task, before is None or _touches(row, before, after))
        for row in rows
    ]


def _touches(change: CatalogueChange, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    names = OPENS[change.kind].touches
    if not names:
        return bool(compare(ENTRY, before, after))
    return any(_differs(name, before, after) for name in names)


def _differs(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Of the entry, or of an item that was there before, known by its id; one that was left out
    differs, one that came new says nothing.
    """
    left = {item["id"]: item.get(name) for item in after["items"]}
    return before.get(name) != after.get(name) or any(
        item["id"] not in left or left[item["id"]] != item.get(name) for item in before["items"]
    )
