"""Reading the trail: filters, keyset pages, one event."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, text
from sqlmodel import Session, col, func, select

from audit.events import Event
from audit.models import AuditEvent
from audit.schemas import AuditEventRead


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What a reader wants to see; every field narrows. ``action`` may end in ``*``."""

    stream: str | None = None
    action: str | None = None
    actor: str | None = None
    department_id: UUID | None = None
    result: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_whole(self) -> bool:
        return self == TrailFilter()

    def to_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.__dict_items() if value is not None}

    def __dict_items(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in self.__slots__]


def conditions(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    """The filter as bound SQL conditions."""
    found: list[ColumnElement[bool]] = []
    exact = {
        "stream": wanted.stream,
        "actor": wanted.actor,
        "result": wanted.result,
        "object_id": wanted.object_id,
        "department_id": wanted.department_id,
    }
    found += [
        col(getattr(AuditEvent, name)) == value
        for name, value in exact.items()
        if value is not None
    ]
    if wanted.action:
        action = col(AuditEvent.action)
        whole = wanted.action.endswith("*")
        found.append(
            action.startswith(wanted.action[:-1], autoescape=True)
            if whole
            else action == wanted.action
        )
    if wanted.since:
        found.append(col(AuditEvent.at) >= wanted.since)
    if wanted.until:
        found.append(col(AuditEvent.at) < wanted.until)
    return found


def page(
    session: Session,
    wanted: TrailFilter,
    *,
    limit: int,
    after: UUID | None = None,
    oldest_first: bool = False,
) -> Sequence[AuditEvent]:
    """At most ``limit`` events beyond ``after`` (an event id,
    exclusive), newest first unless ``oldest_first``.
    """
    key = col(AuditEvent.id)
    query = select(AuditEvent).where(*conditions(wanted))
    if after is not None:
        query = query.where(key > after if oldest_first else key < after)
    return session.exec(query.order_by(key if oldest_first else key.desc()).limit(limit)).all()


def by_id(session: Session, event_id: UUID) -> AuditEvent | None:
    return session.get(AuditEvent, event_id)


def can_append(session: Session) -> bool:
    """Whether this process may add to the trail, may not state in which transaction it did, and may
    change nothing that stands in it.
    """
    rights = (
        "SELECT has_column_privilege('audit_event', 'canon', 'INSERT')"
        " AND NOT has_column_privilege('audit_event', 'xact', 'INSERT')"
        " AND NOT has_table_privilege('audit_event', 'UPDATE')"
    )
    return bool(session.connection().execute(text(rights)).scalar())


def count(session: Session, wanted: TrailFilter) -> int:
    """Exact number of events that match."""
    return session.exec(
        select(func.count()).select_from(AuditEvent).where(*conditions(wanted))
    ).one()


def read(event: AuditEvent) -> AuditEventRead:
    """An event as the API shows it.

    Bytes that no longer parse are shown as they are: the reader must see damage.
    """
    try:
        parsed = json.loads(event.canon)
    except ValueError:
        parsed = {"unreadable": event.canon.decode("utf-8", "replace")}
    known = event.action in Event._value2member_map_
    return AuditEventRead(
        event_id=event.id,
        leaf_hash=event.leaf_hash.hex(),
        stream=event.stream,
        seq=event.seq,
        label=str(Event(event.action).label) if known else event.action,
        event=parsed,
    )
