"""Comparing the data of a draft with what was delivered to its department: a job, within bounds."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from uuid import UUID

import pyarrow as pa
from sqlmodel import Session

from catalog.attachments.service.storing import COMPARE
from catalog.duplicates.service.prepared import KEY
from catalog.duplicates.service.profiling import snapshot_of
from catalog.registration import repository
from catalog.registration.checks.origins import OriginFacts
from catalog.registration.checks.overlap import (
    DELIVERED,
    ROWS,
    DeliveredColumn,
    Overlap,
    Sketch,
    overlaps,
    sketch,
)
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import OriginKind
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.arrow.snapshots.reader import Snapshot, open_snapshot
from shuqiao.home import folder
from shuqiao.i18n import Message
from shuqiao.jobs import enqueue
from shuqiao.keys import key

#: Delivered columns that are compared at most, the newest first: at 0.1 to 0.4 s a column of 30,000
#: different values, well under a minute of one worker.
MOST: Final = 100
#: Sketches of delivered columns that a process remembers; a snapshot never changes.
_REMEMBERED: Final = 1_024


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is to be compared: columns of a snapshot by item, with what was delivered."""

    resource_id: UUID
    snapshot_id: str
    columns: Mapping[UUID, str]
    delivered: Sequence[DeliveredColumn]
    left_out: int

    @property
    def fingerprint(self) -> str:
        said = {
            "snapshot": self.snapshot_id,
            "columns": {str(item): column for item, column in self.columns.items()},
            "delivered": [asdict(each) for each in self.delivered],
        }
        written = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()


def due(session: Session, resource: DataResource) -> Comparison | None:
    """What is to be compared; None where there is nothing, or just that was."""
    snapshot_id = snapshot_of(session, resource)
    delivered = DELIVERED.held(session, resource.provider_id) if snapshot_id else ()
    if snapshot_id is None or not delivered:
        return None
    there = [each for each in delivered if each.snapshot_id is not None]
    items = resources.items_of(session, resource.id)
    found = Comparison(
        resource.id,
        snapshot_id,
        {item.identity: item.column_name for item in items},
        there[:MOST],
        len(delivered) - len(there[:MOST]),
    )
    done = repository.comparison(session, resource.id)
    return None if done and done.fingerprint == found.fingerprint else found


def order(session: Session, resource: DataResource) -> None:
    """Have the data of a draft compared, if anything of it is new."""
    if due(session, resource) is not None:
        enqueue(session, COMPARE, lock=f"received:{resource.id}", resource_id=str(resource.id))


def compared(found: Comparison) -> tuple[list[Overlap], int]:
    """What stands in what was delivered, and how many delivered columns that is told of: those
    whose rows are still there. Holds no database connection.
    """
    secret, own = key(KEY), folder("snapshots") / found.snapshot_id
    items = {item: _sketched(own, column, secret) for item, column in found.columns.items()}
    theirs = [
        (each, _sketched(folder("snapshots") / each.snapshot_id, each.column_name, secret))
        for each in found.delivered
        if each.snapshot_id is not None
    ]
    there = [(column, each) for column, each in theirs if len(each.digests)]
    return overlaps(items, there), len(there)


def asked(
    session: Session, resource: DataResource, entry: ResourceRead, known: OriginFacts
) -> list[Message]:
    """What is asked of the items of an entry: not of those that say that they are taken from their
    source or made from it, whose source it is itself, or that elements and names told already.
    """
    row = repository.comparison(session, resource.id)
    if row is None:
        return []
    found = {each.item_id: each for each in map(Overlap.of_kept, row.found)}
    return [
        found[item.id].told(item.name)
        for item in entry.items
        if item.id in found
        and item.id not in known.received
        and item.id not in known.kept
        and item.element not in known.own
        and (item.origin is None or item.origin.kind is OriginKind.COLLECTED)
    ]


@lru_cache(maxsize=_REMEMBERED)
def _sketched(path: Path, column: str, secret: bytes) -> Sketch:
    """One column of a snapshot; empty where it is not there any more."""
    try:
        snapshot = open_snapshot(path)
        is_there = column in snapshot.schema.names
        return sketch(_parts(snapshot, column) if is_there else (), secret)
    except SnapshotDamaged:  # told where the data is served, not here
        return sketch((), secret)


def _parts(snapshot: Snapshot, column: str) -> Iterator[pa.Array]:
    """The rows from the beginning to the end, of a long one from places all over it."""
    groups = snapshot.group_count()
    rows = snapshot.manifest.rows
    step = max(1, round(rows / ROWS)) if groups > 1 else 1
    left = ROWS
    for place in range(0, groups, step):
        for batch in snapshot.group(place, [column]):
            yield batch.column(0).slice(0, left)
            left -= min(left, batch.num_rows)
        if not left:
            return
