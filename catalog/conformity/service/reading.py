"""The rows of a check, read without a database connection: all that are stored, or the first ones
of a connected table.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import pyarrow as pa

from catalog.conformity.checks import tables
from catalog.conformity.checks.columns import ColumnStandard
from catalog.conformity.schemas import ColumnRead
from shuqiao.arrow.connectors.live import LiveRelation
from shuqiao.arrow.connectors.postgres import MOST_COUNTED
from shuqiao.arrow.snapshots.reader import open_snapshot
from shuqiao.home import folder

#: Seconds between two notes of how far a check has come.
_NOTE_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be held to what. ``columns``: as they will be told."""

    about: UUID
    resource_id: UUID
    attachment_id: UUID
    edition_id: UUID | None
    snapshot_id: str | None
    relation: LiveRelation | None
    rows: int
    held_on: date
    digest: str
    columns: Sequence[ColumnRead]
    standards: Sequence[ColumnStandard]


@dataclass(frozen=True, slots=True)
class Examined:
    """What the rows say; ``is_whole``: whether all of them were looked at."""

    report: tables.ConformityReport
    is_whole: bool = True


def examined(order: Order, note: Callable[[int], None]) -> Examined:
    """``note`` is told now and then how many rows were read. Call it without a session. Raises
    ``SnapshotDamaged``, ``ConnectorFailed``, ``RelationChanged``.
    """
    if order.relation is not None:
        return _sampled(order, order.relation, note)
    assert order.snapshot_id is not None
    snapshot = open_snapshot(folder("snapshots") / order.snapshot_id)
    names = dict.fromkeys(each.column for each in order.standards)
    wanted = [name for name in names if name in snapshot.schema.names]
    groups = range(snapshot.group_count())
    batches = (batch for number in groups for batch in snapshot.group(number, wanted))
    return Examined(tables.conformity(_noted(batches, note), order.standards))


def _sampled(order: Order, relation: LiveRelation, note: Callable[[int], None]) -> Examined:
    """The first rows of a connected table, batch by batch: as many as its profile counts, and one
    more that tells whether there are others.
    """
    names = dict.fromkeys(each.column for each in order.standards)
    wanted = [name for name in names if name in relation.schema.names]
    read = 0

    def first(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        nonlocal read
        for batch in batches:
            room = max(MOST_COUNTED - read, 0)
            read += batch.num_rows
            if room:
                yield batch.slice(0, room)

    with closing(relation.read(wanted, limit=MOST_COUNTED + 1)) as rows:
        report = tables.conformity(_noted(first(rows), note), order.standards)
    return Examined(report, is_whole=read <= MOST_COUNTED)


def _noted(
    batches: Iterable[pa.RecordBatch], note: Callable[[int], None]
) -> Iterator[pa.RecordBatch]:
    rows, told_at = 0, time.monotonic()
    for batch in batches:
        yield batch
        rows += batch.num_rows
        if time.monotonic() - told_at >= _NOTE_SECONDS:
            note(rows)
            told_at = time.monotonic()
