"""The outbox: what must reach a channel outside, written with its cause and handed over by a job.

No channel outside is configured yet. The job hands a row to the in-house message list, where it
already is, and says so (``channel = in_house``): nobody may read ``sent_at`` as "an SMS went out".
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select, update

from shuqiao import clock
from shuqiao.db import unit_of_work
from shuqiao.desk.models import Outbox
from shuqiao.jobs import enqueue, jobs
from shuqiao.upkeep import delete_some

IN_HOUSE = "in_house"
HAND_OVER = "desk.outbox.hand_over"


def put(session: Session, topic: str, payload: dict[str, Any]) -> Outbox:
    """Write an outbox row and the job that hands it over, in the caller's transaction."""
    row = Outbox(topic=topic, payload=payload, created_at=clock.now())
    session.add(row)
    session.flush()
    # No queueing lock: it would make every business step that sends a message wait for the others.
    enqueue(session, HAND_OVER, outbox_id=str(row.id))
    return row


@jobs.task(name=HAND_OVER)
def hand_over(outbox_id: str) -> None:
    """Hand one row to its channel; a row already handed over is left alone."""
    identity = UUID(outbox_id)
    with unit_of_work() as session:
        session.exec(
            update(Outbox)
            .where(col(Outbox.id) == identity)
            .values(attempts=col(Outbox.attempts) + 1)
        )
    with unit_of_work() as session:
        row = session.exec(
            select(Outbox)
            .where(Outbox.id == identity, col(Outbox.sent_at).is_(None))
            .with_for_update()
        ).one_or_none()
        if row is not None:
            row.channel, row.sent_at = IN_HOUSE, clock.now()


def forget_old(session: Session, before: datetime, limit: int) -> int:
    """Rows that the in-house list took before ``before``, up to ``limit``; gives how many. There
    the message stays. What a channel outside took stays here.
    """
    taken = col(Outbox.channel) == IN_HOUSE, col(Outbox.sent_at) < before
    return delete_some(session, Outbox, *taken, limit=limit)


def waiting(session: Session, *, limit: int = 100) -> list[Outbox]:
    """Rows not yet handed over, oldest first."""
    unsent = (
        select(Outbox)
        .where(col(Outbox.sent_at).is_(None))
        .order_by(col(Outbox.created_at))
        .limit(limit)
    )
    return list(session.exec(unsent))
