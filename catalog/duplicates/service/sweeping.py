"""The nightly pass over all unbound items and all elements: as a set, in blocks, and no database
connection is held while it is counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from catalog.duplicates.checks.asked import Item
from catalog.duplicates.checks.evidence import evidence, fingerprint
from catalog.duplicates.checks.scoring import THRESHOLD, best
from catalog.duplicates.fields import ColumnProfile
from catalog.duplicates.models import DuplicateSweep
from catalog.duplicates.repository import sweep as repository
from catalog.duplicates.repository.sweep import Column, Found, Unbound
from catalog.duplicates.service.prepared import Prepared, prepared
from catalog.duplicates.service.profiling import profiled
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

#: Columns that are looked at between two commits.
PROFILED_AT_ONCE: Final = 200
#: Of a score of 1.
THOUSANDTHS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Order:
    """What is compared: items, what their columns hold, the elements."""

    items: Sequence[Unbound]
    profiles: Mapping[Column, ColumnProfile]
    ready: Prepared


def missing(session: Session) -> list[Column]:
    """Columns of items that nobody has looked at, snapshot by snapshot."""
    repository.forget(session)
    wanted = {(each.snapshot_id, each.column_name) for each in repository.unbound(session)}
    wanted |= {column for _element, column in repository.bound(session)}
    there = repository.known(session)
    return sorted((snapshot, name) for snapshot, name in wanted - there if snapshot)


def looked_at(columns: Sequence[Column]) -> dict[Column, ColumnProfile]:
    """What they hold; call it without a session."""
    return {column: profiled(*column) for column in columns}


def ordered(session: Session) -> Order:
    items = repository.unbound(session)
    return Order(items, repository.profiles(session), prepared(session))


def compared(order: Order) -> list[Found]:
    """Every item that is likely to be an element, at most three for each; call it without a
    session.
    """
    asked = [_asked(each, order.profiles) for each in order.items]
    standards = order.ready.standards
    found = []
    for each in best(standards, asked, floor=THRESHOLD):
        told = evidence(asked[each.item], standards.standards[each.place], each.signals)
        found.append(
            Found(
                item=order.items[each.item],
                element_id=order.ready.elements[each.place].id,
                score=round(each.score * THOUSANDTHS),
                evidence=[reason.kept() for reason in told],
                fingerprint=fingerprint(told),
            )
        )
    return found


def _asked(item: Unbound, profiles: Mapping[Column, ColumnProfile]) -> Item:
    values = profiles.get((item.snapshot_id or "", item.column_name), ColumnProfile())
    return Item(item.name, item.column_name, item.description, item.data_type, values)


def written(session: Session, subject: Subject, order: Order, found: Sequence[Found]) -> None:
    """Let it take the place of the last sweep's, with one event."""
    repository.alone(session)
    sweep = DuplicateSweep(
        sweep_no=next_number(session, "DS"),
        items=len(order.items),
        elements=len(order.ready.elements),
        found=len(found),
    )
    session.add(sweep)
    session.flush()
    repository.replace(session, sweep, found)
    append(
        session,
        subject,
        Event.DUPLICATES_SWEPT,
        stream=sweep.sweep_no,
        obj=sweep.audit_ref(),
        why={"items": sweep.items, "elements": sweep.elements, "found": sweep.found},
    )


def blocks(columns: Sequence[Column]) -> Iterator[Sequence[Column]]:
    """The columns some at a time."""
    for start in range(0, len(columns), PROFILED_AT_ONCE):
        yield columns[start : start + PROFILED_AT_ONCE]
