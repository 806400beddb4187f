"""What entries strike, kept in the transaction of every publication and of every step of an entry.

A cover is opened where a published item lies within the reach of an entry in force, and closed when
it no longer does; never the last one of what is published as not shared. The share attribute is
the owner's: it is never changed here.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.cases import take
from catalog.negative.checks import struck
from catalog.negative.lifecycle import entries as lifecycle
from catalog.negative.models import NegativeCover, NegativeEntry
from catalog.negative.repository import covers, entries
from catalog.negative.repository.covers import Struck
from catalog.negative.service.owing import Owed, owe
from catalog.negative.service.reaching import acting, held_rows, reaches
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus, ShareType
from shuqiao.clock import now
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject

#: Answered by the exchange: what may no longer leave is stopped.
FOLLOW: Final = "exchange.grants.publication_changed"


def settle(
    session: Session, subject: Subject, resource: DataResource, told: Collection[UUID]
) -> None:
    """Bring the covers of a published entry of the catalogue (in the queue of its department) to
    what acts on it now; of one that is taken down nothing is struck. ``told``: the entries whose
    events of this transaction say so already.
    """
    wanted: set[tuple[UUID, UUID]] = set()
    if resource.status is ResourceStatus.PUBLISHED:
        rows = covers.items_of(session, resource.id)
        found = struck(acting(session, [resource])[resource.id], held_rows(rows))
        wanted = {(item_id, each.id) for item_id, all_of in found.items() for each in all_of}
    there = {
        (each.item_id, each.entry_id): each
        for each in covers.open_covers(session, resource_id=resource.id)
    }
    gone = [each for key, each in there.items() if key not in wanted]
    new = sorted(wanted - set(there))
    covers.close(session, gone, now())
    _open(session, new)
    touched = {each.entry_id for each in gone} | {entry_id for _item, entry_id in new}
    rows_by_id = entries.by_ids(session, touched - set(told))
    for entry in sorted(rows_by_id.values(), key=lambda each: each.id):
        why = {
            "resource": resource.code,
            "opened": sum(entry_id == entry.id for _item, entry_id in new),
            "closed": sum(each.entry_id == entry.id for each in gone),
        }
        if entry.state in lifecycle.COVER.at:
            take(session, subject, entry, lifecycle.COVER, why=why)


def within(
    session: Session, entry: NegativeEntry, *, reaches_all: bool, but: UUID | None = None
) -> list[Struck]:
    """Every published item within the reach of an entry that comes into force, but those of the
    resource ``but``, whose publication settles its own.
    """
    (reach,) = reaches(session, [entry])
    home = None if reaches_all else entry.department_id
    reach = replace(reach, is_everywhere=reaches_all)
    return [
        row
        for row in covers.published_items(session, home)
        if row.resource.id != but and reach.holds(held_rows([row])[0])
    ]


def strike(
    session: Session, subject: Subject, entry: NegativeEntry, rows: Sequence[Struck]
) -> None:
    """Strike what lies within the reach of an entry that has come into force. Owners whose items
    are not marked owe an update (Art. 17); the exchange is told.
    """
    _open(session, [(row.item.id, entry.id) for row in rows])
    _tell(session, subject, entry, rows, Owed.STRUCK)


def extend(session: Session, subject: Subject, entry: NegativeEntry) -> None:
    """Strike what lies within the reach of an entry that acts already and is not struck by it: its
    department holds other data now. Nothing is closed.
    """
    there = {each.item_id for each in covers.open_covers(session, entry_id=entry.id)}
    found = within(session, entry, reaches_all=entry.reaches_all)
    rows = [row for row in found if row.item.id not in there]
    if rows:
        strike(session, subject, entry, rows)
        take(session, subject, entry, lifecycle.COVER, why={"opened": len(rows)})


def release(session: Session, subject: Subject, entry: NegativeEntry) -> None:
    """Close what an entry that acts no more strikes. What is published as not shared and has no
    other basis stays struck until its owner has classified it anew, and its owner is told.
    """
    rows = [(cover, row) for cover, row in covers.covered_by(session, entry.id) if not cover.until]
    others = covers.covers_of(session, [row.item.id for _cover, row in rows])
    left = [
        (cover, row)
        for cover, row in rows
        if is_marked(row) and all(each.id == entry.id for each in others[row.item.id])
    ]
    kept = {cover.id for cover, _row in left}
    covers.close(session, [cover for cover, _row in rows if cover.id not in kept], now())
    _tell(session, subject, entry, [row for _cover, row in left], Owed.LAPSED)
    _follow(session, [row for cover, row in rows if cover.id not in kept])


def is_marked(row: Struck) -> bool:
    """Whether the item is published as not shared."""
    return ShareType.WITHHELD in (row.item.share_type, row.resource.share_type)


def owe_update(session: Session, subject: Subject, entry: NegativeEntry) -> None:
    """The basis of an entry ended: whoever published what it struck classifies it anew."""
    rows = [row for cover, row in covers.covered_by(session, entry.id) if not cover.until]
    _tell(session, subject, entry, rows, Owed.LAPSED)


def _open(session: Session, wanted: Sequence[tuple[UUID, UUID]]) -> None:
    session.add_all(
        NegativeCover(item_id=item_id, entry_id=entry_id) for item_id, entry_id in wanted
    )
    session.flush()


def _tell(
    session: Session, subject: Subject, entry: NegativeEntry, rows: Sequence[Struck], why: Owed
) -> None:
    owing = [row for row in rows if why is Owed.LAPSED or not is_marked(row)]
    for resource in {row.resource.id: row.resource for row in owing}.values():
        owe(session, subject, entry, resource, why)
    _follow(session, rows)


def _follow(session: Session, rows: Sequence[Struck]) -> None:
    for resource in {row.resource.id: row.resource for row in rows}.values():
        enqueue(session, FOLLOW, lock=resource.code, resource_id=str(resource.id))
