"""The trail as a file for the offline verifier: one header line, then
one line an event (``docs/protocol.md``).
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from audit.append import ObjectRef, Recorded, append
from audit.events import Event
from audit.models import AuditEvent, AuditStream
from audit.queries import TrailFilter, conditions, count
from shuqiao.clock import now
from shuqiao.subject import Subject

FORMAT = "shuqiao-audit-export/1"


def record_export(session: Session, subject: Subject, wanted: TrailFilter) -> Recorded:
    """The export is itself a fact; recorded before it is made, in its own transaction."""
    return append(
        session,
        subject,
        Event.TRAIL_EXPORTED,
        stream=f"trail:{subject.account}",
        obj=ObjectRef("Trail", "trail"),
        why={"filter": wanted.to_json()},
    )


def export_lines(session: Session, wanted: TrailFilter, by: Recorded | None) -> Iterator[str]:
    """Lines of the export, header first, from one consistent view of the database.

    ``by`` recorded it; None where nothing may be recorded yet, as while a backup is restored.

    ``session`` must not have begun: the view is a repeatable-read transaction. Memory is constant
    (server-side cursor).
    """
    session.connection().execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    yield _line(
        {
            "format": FORMAT,
            "exported_at": now().isoformat(),
            "whole": wanted.is_whole,
            "filter": wanted.to_json(),
            "streams": _heads(session, wanted),
            "events": count(session, wanted),
            **(_told(by) if by else {}),
        }
    )
    query = (
        select(AuditEvent.canon, AuditEvent.leaf_hash)
        .where(*conditions(wanted))
        .order_by(col(AuditEvent.id))
    )
    for canon, leaf in session.exec(query, execution_options={"yield_per": 1000}):
        # surrogateescape: bytes that are no longer UTF-8 must reach the verifier as they are
        yield _line(
            {
                "leaf_hash": bytes(leaf).hex(),
                "canon": bytes(canon).decode("utf-8", "surrogateescape"),
            }
        )


def _told(by: Recorded) -> dict[str, Any]:
    return {"export_event": {"event_id": str(by.event_id), "leaf_hash": by.leaf_hash}}


def _heads(session: Session, wanted: TrailFilter) -> dict[str, int]:
    """The last number of each stream that is exported from beginning to end."""
    found = select(AuditStream.stream, AuditStream.last_seq).order_by(col(AuditStream.stream))
    if not wanted.is_whole:
        if wanted != TrailFilter(stream=wanted.stream):
            return {}
        found = found.where(col(AuditStream.stream) == wanted.stream)
    return dict(session.exec(found).all())


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n"
