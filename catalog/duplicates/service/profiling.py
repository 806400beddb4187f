"""What the columns of an entry hold: a bounded sample of its stored data. Of live tables nothing is
read.
"""

from functools import lru_cache
from pathlib import Path
from typing import Final

import pyarrow as pa
from sqlmodel import Session

from catalog.attachments import repository as attachments
from catalog.duplicates.checks.values import ROWS, profile
from catalog.duplicates.fields import ColumnProfile
from catalog.duplicates.service.prepared import KEY
from catalog.editions import repository as editions
from catalog.resources.models import DataResource
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.arrow.snapshots.reader import Snapshot, open_snapshot
from shuqiao.home import folder
from shuqiao.keys import key

#: The sample is taken from the beginning, the middle and the end.
_PLACES: Final = 3
#: Columns of entries that are worked on; a snapshot never changes.
_REMEMBERED: Final = 4_096


def snapshot_of(session: Session, resource: DataResource) -> str | None:
    """The snapshot that its items describe: what was attached to it, else the current edition."""
    attached = attachments.current_attachment(session, resource.id)
    edition = editions.current(session, resource.entry_id)
    if attached is not None and (edition is None or resource.copy_of is not None):
        return attached.snapshot_id
    return edition.snapshot_id if edition else None


def profiled(snapshot_id: str, column: str) -> ColumnProfile:
    """One column of a snapshot; empty where it is not there or cannot be read."""
    return _profiled(folder("snapshots") / snapshot_id, column, key(KEY))


@lru_cache(maxsize=_REMEMBERED)
def _profiled(path: Path, column: str, secret: bytes) -> ColumnProfile:
    try:
        snapshot = open_snapshot(path)
        if column not in snapshot.schema.names:
            return ColumnProfile()
        return profile(_sample(snapshot, column), secret)
    except SnapshotDamaged:  # told where the data is served, not here
        return ColumnProfile()


def _sample(snapshot: Snapshot, column: str) -> pa.Array:
    count = snapshot.group_count()
    places = sorted({0, count // 2, count - 1} & set(range(count)))
    each = ROWS // _PLACES if len(places) == _PLACES else ROWS // max(1, len(places))
    parts = [
        batch.column(0).slice(0, each)
        for place in places
        for batch in snapshot.group(place, [column])[:1]
    ]
    return pa.concat_arrays(parts) if parts else pa.array([], pa.string())
