"""The only way to record a fact: in the transaction of the change itself. No audit, no service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import event as listening
from sqlalchemy import text
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from audit.canonical import canonical_bytes, leaf_hash
from audit.events import Event
from audit.models import AuditEvent
from shuqiao.clock import now
from shuqiao.context import client_ip, request_id
from shuqiao.ids import uuid7
from shuqiao.subject import Subject

Result = Literal["allow", "deny", "error"]

_NEXT_SEQ = text(
    "INSERT INTO audit_stream (stream, last_seq) VALUES (:stream, 1)"
    " ON CONFLICT (stream) DO UPDATE SET last_seq = audit_stream.last_seq + 1 RETURNING last_seq"
)


#: The same of many streams, which are locked in the order of their names.
_NEXT_SEQS = text(
    "INSERT INTO audit_stream (stream, last_seq) SELECT unnest(CAST(:streams AS text[])), 1"
    " ON CONFLICT (stream) DO UPDATE SET last_seq = audit_stream.last_seq + 1"
    " RETURNING stream, last_seq"
)


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """What the event is about: kind, public identity, version."""

    type: str
    id: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """Receipt of an appended event."""

    event_id: UUID
    leaf_hash: str
    stream: str
    seq: int

    @property
    def headers(self) -> dict[str, str]:
        """What proves later that it was recorded, where the body of an answer cannot say it."""
        return {"shuqiao-event-id": str(self.event_id), "shuqiao-leaf-hash": self.leaf_hash}


def append(
    session: Session,
    subject: Subject,
    event: Event,
    *,
    stream: str,
    obj: ObjectRef,
    result: Result = "allow",
    why: Mapping[str, Any] | None = None,
    change: tuple[str | None, str | None] | None = None,
) -> Recorded:
    """Record ``event`` in ``stream`` (the case's public number).

    No data values, no secrets in ``why``.

    The stream's row stays locked until the transaction ends, so numbers have no gap and follow
    commit order.
    """
    seq = int(session.connection().execute(_NEXT_SEQ, {"stream": stream}).scalar_one())
    done = _row(session, subject, event, stream, seq, obj, result, why, change)
    session.flush()
    session.info.setdefault("events", []).append(done)
    return done


def append_alike(
    session: Session,
    subject: Subject,
    event: Event,
    refs: Sequence[ObjectRef],
    *,
    why: Mapping[str, Any] | None = None,
    change: tuple[str | None, str | None] | None = None,
) -> None:
    """The same of many things at once, each in the stream of its own identity: one event each, in
    a few statements.
    """
    streams = sorted(ref.id for ref in refs)
    found = session.connection().execute(_NEXT_SEQS, {"streams": streams})
    numbers: dict[str, int] = {row.stream: row.last_seq for row in found}
    made = [
        _row(session, subject, event, ref.id, numbers[ref.id], ref, "allow", why, change)
        for ref in refs
    ]
    session.flush()
    session.info.setdefault("events", []).extend(made)


def recorded(session: Session) -> list[Recorded]:
    """Receipts of the events of this transaction, oldest first.

    Raises ``LookupError`` when there is none.
    """
    events: list[Recorded] = session.info.get("events", [])
    if not events:
        raise LookupError("nothing was recorded in this transaction")
    return events


def _row(
    session: Session,
    subject: Subject,
    event: Event,
    stream: str,
    seq: int,
    obj: ObjectRef,
    result: Result,
    why: Mapping[str, Any] | None,
    change: tuple[str | None, str | None] | None,
) -> Recorded:
    """The event under its number, to be flushed."""
    identity, at = uuid7(), now()
    record = _event_v1(
        identity,
        at.isoformat(timespec="microseconds"),
        subject,
        event,
        stream,
        seq,
        obj,
        result,
        why,
        change,
    )
    canon = canonical_bytes(record)
    leaf = leaf_hash(canon)
    session.add(
        AuditEvent(
            id=identity,
            at=at,
            stream=stream,
            seq=seq,
            action=event.value,
            result=result,
            actor=subject.account,
            department_id=subject.department_id,
            object_type=obj.type,
            object_id=obj.id,
            request_id=request_id(),
            canon=canon,
            leaf_hash=leaf,
        )
    )
    return Recorded(identity, leaf.hex(), stream, seq)


@listening.listens_for(Session, "after_transaction_create")
def _mark(session: Session, begun: SessionTransaction) -> None:
    session.info.setdefault("marks", {})[begun] = len(session.info.get("events", ()))


@listening.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, undone: SessionTransaction) -> None:
    """An event that went with its transaction or savepoint has no receipt."""
    mark = session.info.get("marks", {}).pop(undone, None)
    if mark is not None:
        del session.info.get("events", [])[mark:]


def _event_v1(
    identity: UUID,
    at: str,
    subject: Subject,
    event: Event,
    stream: str,
    seq: int,
    obj: ObjectRef,
    result: Result,
    why: Mapping[str, Any] | None,
    change: tuple[str | None, str | None] | None,
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "v": 1,
        "id": str(identity),
        "stream": stream,
        "seq": seq,
        "ts": at,
        "act": event.value,
        "res": result,
        "actor": _present(
            id=str(subject.user_id) if subject.user_id else None,
            account=subject.account,
            dept=str(subject.department_id) if subject.department_id else None,
            role=sorted(subject.roles),
            auth=subject.auth,
            credential=str(subject.credential_id) if subject.credential_id else None,
        ),
        "obj": _present(type=obj.type, id=obj.id, ver=obj.version),
        "rid": request_id(),
    }
    if ip := client_ip():
        record["ip"] = ip
    if subject.rules:
        record["policy"] = {"rules": list(subject.rules), "hash": subject.policy_hash}
    if why:
        record["why"] = _tidy(why)
    if change is not None:
        record["chg"] = _present(**{"from": change[0], "to": change[1]})
    return record


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _tidy(value: Any) -> Any:
    """Bring values into the canonical profile: no null, sets sorted, anything else as its text."""
    if isinstance(value, Mapping):
        return {str(k): _tidy(v) for k, v in value.items() if v is not None}
    if isinstance(value, set | frozenset):
        return sorted(_tidy(v) for v in value)
    if isinstance(value, list | tuple):
        return [_tidy(v) for v in value]
    return value if isinstance(value, str | bool | int) else str(value)
