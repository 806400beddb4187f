"""Upkeep: what is left behind is removed when its time is over, a little at a time.

Each part says how long something stays and removes up to so many of what is over, in a transaction
of its own. What one beat does not reach is done at the next: however much has gathered, no
statement runs longer than for one batch. A part that fails leaves the others alone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, delete, tuple_
from sqlalchemy import select as columns
from sqlmodel import Session, SQLModel

from shuqiao import clock, observed
from shuqiao.db import reading, unit_of_work
from shuqiao.reasons import reason

log = structlog.get_logger("upkeep")

#: Most that a part removes in one transaction.
BATCH: Final = 1_000
#: After so long a part lets the next one have its turn.
TURN_SECONDS: Final = 2.0


class UpkeepFailed(Exception):
    """One or more parts could not remove what is over; the others did."""


@dataclass(frozen=True, slots=True)
class Part:
    """``remove(before, limit)`` removes up to ``limit`` of what was over ``before``, and gives how
    many; less than ``limit`` means that no more is left.

    ``age``: how long it stays after it is over. ``by_database``: its times are the database's own,
    not those of the business clock.
    """

    name: str
    age: Callable[[], timedelta]
    remove: Callable[[datetime, int], int]
    by_database: bool = False


def rows(remove: Callable[[Session, datetime, int], int]) -> Callable[[datetime, int], int]:
    """The ``remove`` of a part that is one transaction."""

    def removed(before: datetime, limit: int) -> int:
        with unit_of_work() as session:
            return remove(session, before, limit)

    return removed


def delete_some(
    session: Session, table: type[SQLModel], *where: ColumnElement[bool], limit: int
) -> int:
    """Delete up to ``limit`` rows; those that somebody works on are passed over. Gives how many."""
    key = [*table.__table__.primary_key.columns]  # type: ignore[attr-defined]
    chosen: Any = columns(*key).where(*where).limit(limit).with_for_update(skip_locked=True)
    some = chosen.cte("some")  # read once, whatever the plan
    gone = delete(table).where(tuple_(*key).in_(columns(*some.c)))
    return session.connection().execute(gone).rowcount


def keep_up(parts: Sequence[Part]) -> bool:
    """Remove what is certainly over (``observed``); gives whether more is left for the next beat.

    Raises ``UpkeepFailed`` naming the parts that failed, after all had their turn.
    """
    with reading() as session:
        sure = observed.sure_time(session)
    if sure is None:
        return False
    is_more, failed = False, []
    for each in parts:
        certain = sure if each.by_database else clock.business_time(sure)
        try:
            is_more |= _turn(each, certain - each.age())
        except Exception as fault:
            log.warning("upkeep_part_failed", part=each.name, reason=reason(fault))
            failed.append((each.name, fault))
    if failed:
        names = "; ".join(f"{name}: {reason(fault)}" for name, fault in failed)
        raise UpkeepFailed(names) from failed[0][1]
    return is_more


def _turn(part: Part, before: datetime) -> bool:
    """Whether more is left when its time is used up."""
    end, count = time.monotonic() + TURN_SECONDS, 0
    while True:
        done = part.remove(before, BATCH)
        count += done
        is_more = done >= BATCH
        if not is_more or time.monotonic() > end:
            break
    if count:
        log.info("removed", part=part.name, count=count, is_more=is_more)
    return is_more
