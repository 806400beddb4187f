"""The rules of transfer: start a delivery, refuse one, end it truthfully. Short transactions, never
one long one.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from audit.append import Recorded, append
from audit.events import Event
from auth.cases import ask, take
from auth.steps import Todo
from catalog.editions import repository as editions
from catalog.editions.service import damage
from exchange.deliveries import repository
from exchange.deliveries.errors import EditionCleared, PlanDrifted, SourceAway
from exchange.deliveries.lifecycle import FAIL, FINISH, START, STOP
from exchange.deliveries.models import Delivery
from exchange.deliveries.words import DeliveryStatus, EndReason
from exchange.grants.lifecycle import DRIFTED, MEND
from exchange.grants.models import ShareGrant
from shuqiao import meters
from shuqiao.arrow.connectors.causes import SENTENCES, Cause
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.clock import now
from shuqiao.db import beside, moment_of, unit_of_work
from shuqiao.errors import ShuqiaoError
from shuqiao.i18n import Message, _
from shuqiao.jobs import enqueue
from shuqiao.numbers import number_apart
from shuqiao.subject import Subject
from shuqiao.web import visits

log = structlog.get_logger("deliveries")

#: How long the end of a delivery is tried to be recorded when the
#: database is away; then the sweeper closes it.
RECORD_PATIENCE_SECONDS = 5.0
#: What ends is written down while all other connections are asked for new transfers.
CONNECTIONS: Final = ("recording", 4)
#: The job by which a finished delivery meets the demand behind it.
MEET = "exchange.deliveries.meet_demand"
#: What finds out that rows are damaged is the role that hands them over, not who asked for them.
DATA = Subject.system("data")
_ENDS = {step.to[0]: step for step in (FINISH, STOP, FAIL)}


@dataclass(frozen=True, slots=True)
class Started:
    """A delivery whose start is committed: its id, its number, the event's receipt."""

    delivery_id: UUID
    delivery_no: str
    recorded: Recorded


def start(
    subject: Subject,
    grant: ShareGrant,
    plan: DeliveryPlan,
    *,
    face: str,
    edition_no: int | None = None,
) -> Started:
    """Commit "started" under the next number before the first byte leaves.

    Raises ``EditionCleared`` when the edition's rows were removed since the plan was made,
    ``SnapshotDamaged`` when they are known to be damaged.
    """
    assert subject.user_id is not None
    delivery_no = number_apart("DL")
    with unit_of_work() as session:
        if not plan.is_live:
            _check_rows(session, grant, edition_no, plan.snapshot.id)
        moment = moment_of(session)
        delivery = Delivery(
            delivery_no=delivery_no,
            grant_id=grant.id,
            grant_no=grant.grant_no,
            consumer_id=grant.consumer_id,
            provider_id=grant.provider_id,
            user_id=subject.user_id,
            credential_id=subject.credential_id,
            face=face,
            edition_no=edition_no,
            snapshot_id=None if plan.is_live else plan.snapshot.id,
            columns=[column.name for column in plan.columns],
            seen_at=moment,
        )
        why = {
            "grant": grant.grant_no,
            "columns": delivery.columns,
            "plan": plan.fingerprint(),
            "edition": edition_no,
            "snapshot": delivery.snapshot_id,
            "face": face,
        }
        recorded = take(session, subject, delivery, START, why=why)
        return Started(delivery.id, delivery_no, recorded)


def _check_rows(
    session: Session, grant: ShareGrant, edition_no: int | None, snapshot_id: str
) -> None:
    if edition_no is not None and not editions.is_readable(session, grant.resource_id, edition_no):
        raise EditionCleared
    if editions.is_damaged(session, snapshot_id):
        raise SnapshotDamaged(snapshot=snapshot_id)


def refuse(subject: Subject, grant: ShareGrant, refusal: ShuqiaoError) -> Recorded:
    """Record that a fetch was refused, in the grant's own stream; a
    drift, a source away or damaged rows are a task.

    Raises ``LimitReached`` for whoever has been refused too often.
    """
    visits.denied()
    with unit_of_work() as session:
        if isinstance(refusal, SnapshotDamaged) and "snapshot" in refusal.facts:
            damage.found(session, DATA, refusal.facts["snapshot"], found_by="opening")
        if isinstance(refusal, PlanDrifted | SourceAway):
            ask(session, grant, *_mending(refusal))
        return append(
            session,
            subject,
            Event.DELIVERY_REFUSED,
            stream=grant.grant_no,
            obj=grant.audit_ref(),
            result="deny",
            why={
                "code": refusal.code,
                "reason": (refusal.detail or refusal.title).render("en"),
                **refusal.facts,
            },
        )


def _mending(refusal: PlanDrifted | SourceAway) -> tuple[Todo, Mapping[str, Message]]:
    """What the provider's approver reads; the consumer is told less."""
    if not isinstance(refusal, SourceAway):
        return DRIFTED, {}
    happened, fix = SENTENCES[Cause(refusal.facts["cause"])]
    return MEND, {"why": _("%(what)s %(fix)s", what=happened, fix=fix)}


@dataclass(frozen=True, slots=True)
class Left:
    """What left: ``rows`` and ``bytes`` at most; ``acknowledged`` at least: bytes that the kernel
    at the other end of the connection has taken, None where that is not known.
    """

    rows: int
    bytes: int
    acknowledged: int | None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a delivery ended. ``receipt``: of a finished one; ``facts``: more for the trail."""

    status: DeliveryStatus
    reason: EndReason | None
    left: Left
    receipt: dict[str, Any] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class EndRecorder:
    """Records the end of one delivery exactly once, from whichever thread."""

    def __init__(self, subject: Subject, delivery_id: UUID) -> None:
        self._subject, self._delivery_id = subject, delivery_id

    def __call__(self, ended: Ended) -> None:
        """Commit the end, waiting a few seconds for a connection where the pool has none.

        A finish that cannot be recorded raises: then the reader must not see an end either. A stop
        is tried again whatever the fault; after that the sweeper closes the delivery as lost.
        """
        deadline = time.monotonic() + RECORD_PATIENCE_SECONDS
        while True:
            try:
                with unit_of_work(beside(*CONNECTIONS)) as session:
                    reason = _end(session, self._subject, self._delivery_id, ended)
                if reason is not None:
                    meters.DELIVERIES_ENDED.labels(reason).inc()
                return
            except SQLAlchemyError as error:
                is_over = time.monotonic() > deadline
                is_untried = isinstance(error, PoolTimeout)
                if ended.status is DeliveryStatus.FINISHED and (is_over or not is_untried):
                    raise
                log.warning(
                    "end_not_recorded", delivery=str(self._delivery_id), error=type(error).__name__
                )
                if is_over:
                    return
                time.sleep(0.25)


def close_lost() -> int:
    """Close running deliveries whose process is gone, as failed with
    unknown rows; gives how many.
    """
    with unit_of_work() as session:
        gone = repository.lost(session)
        for delivery in gone:
            facts = (
                {"rows_at_least": delivery.rows, "bytes_at_least": delivery.bytes}
                if delivery.bytes
                else {}
            )
            delivery.rows = delivery.bytes = (
                None  # a last sign of life is no end: how much had left is unknown
            )
            _record_end(
                session,
                Subject.system("worker"),
                delivery,
                DeliveryStatus.FAILED,
                EndReason.LOST,
                facts,
            )
    meters.DELIVERIES_ENDED.labels(EndReason.LOST).inc(len(gone))
    return len(gone)


def _end(
    session: Session,
    subject: Subject,
    delivery_id: UUID,
    ended: Ended,
) -> str | None:
    """Why it ended, or "finished"; None: its end was recorded before."""
    delivery = repository.running(session, delivery_id)
    if delivery is None:  # the sweeper was faster, or this is a repeat
        return None
    left, receipt = ended.left, ended.receipt
    delivery.rows, delivery.bytes, delivery.receipt = left.rows, left.bytes, receipt
    delivery.acknowledged_bytes = left.acknowledged
    facts: dict[str, Any] = {"rows": left.rows, "bytes": left.bytes, **ended.facts}
    if left.acknowledged is not None:
        facts["bytes_acknowledged"] = left.acknowledged
    if receipt is not None:
        facts["root"] = receipt["root"]
    if ended.reason is EndReason.SOURCE_AWAY:
        # Without a cause it was the watcher who missed the connection.
        away = SourceAway(**{"cause": Cause.REMOVED.value, **ended.facts})
        facts["cause"] = away.facts["cause"]
        ask(session, repository.grant_of(session, delivery), *_mending(away))
    if ended.reason is EndReason.DRIFTED:
        ask(session, repository.grant_of(session, delivery), DRIFTED, {})
    _record_end(session, subject, delivery, ended.status, ended.reason, facts)
    return delivery.end_reason or ended.status


def _record_end(
    session: Session,
    subject: Subject,
    delivery: Delivery,
    status: DeliveryStatus,
    reason: EndReason | None,
    facts: dict[str, Any],
) -> None:
    why = {**facts, "grant": delivery.grant_no}
    if reason is EndReason.ITEM_SUSPENDED and (struck := repository.struck_by(session, delivery)):
        reason, delivery.struck_by = EndReason.NEGATIVE_ENTRY, list(struck)
        why["negative_entries"] = delivery.struck_by
    delivery.end_reason, delivery.ended_at = reason, now()
    why["reason"] = reason
    take(session, subject, delivery, _ENDS[status], why=why)
    if reason is EndReason.DATA_DAMAGED and delivery.snapshot_id is not None:
        damage.found(session, DATA, delivery.snapshot_id, delivery=delivery.delivery_no)
    if status is DeliveryStatus.FINISHED:
        demand_no = repository.demand_of(session, delivery)
        if demand_no is not None:
            enqueue(session, MEET, lock=demand_no, delivery_no=delivery.delivery_no)
