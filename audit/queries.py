"""Reading the trail: filters, keyset pages, one event."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    text,
)
from sqlmodel import Session, col, select

from audit.events import Event
from audit.models import AuditEvent
from audit.schemas import AuditEventRead


@dataclass(frozen=True, slots=True)
class About:
    """What has to do with one thing of the business: the event names it, or is of one of its cases.

    ``kind`` and ``name`` say it in words; ``cases`` is a statement that gives the streams.
    """

    kind: str
    name: str
    cases: Any = field(compare=False)


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What a reader wants to see; every field narrows. ``action`` may end in ``*``.

    ``actor``: any of these accounts. ``ip``: the address that it came from. ``column``: a name in
    the list of columns that the event tells. ``without``: what fits one of these is left out.
    """

    stream: str | None = None
    action: str | None = None
    actor: str | tuple[str, ...] | None = None
    department_id: UUID | None = None
    result: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    ip: str | None = None
    column: str | None = None
    about: tuple[About, ...] = ()
    without: tuple["TrailFilter", ...] = ()

    @property
    def is_whole(self) -> bool:
        return self == TrailFilter()

    def to_json(self) -> dict[str, Any]:
        """What was asked for, as the trail keeps it of who read it."""
        plain = ("stream", "action", "department_id", "result", "object_id", "since", "until")
        named = {name: getattr(self, name) for name in (*plain, "ip", "column")}
        told: dict[str, Any] = {name: str(each) for name, each in named.items() if each is not None}
        if self.actor is not None:
            told["actor"] = self.actor if isinstance(self.actor, str) else list(self.actor)
        told |= {each.kind: each.name for each in self.about}
        if self.without:
            told["without"] = [each.to_json() for each in self.without]
        return told


#: How the record of an event begins to tell its columns.
_COLUMNS: Final = '"columns":['


def conditions(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    """The filter as bound SQL conditions."""
    found: list[ColumnElement[bool]] = []
    exact = {
        "stream": wanted.stream,
        "result": wanted.result,
        "object_id": wanted.object_id,
        "department_id": wanted.department_id,
    }
    found += [
        col(getattr(AuditEvent, name)) == value
        for name, value in exact.items()
        if value is not None
    ]
    if wanted.actor is not None:
        any_of = (wanted.actor,) if isinstance(wanted.actor, str) else wanted.actor
        found.append(col(AuditEvent.actor).in_(any_of))
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
    found += _told(wanted)
    found += [
        or_(col(AuditEvent.object_id) == each.name, col(AuditEvent.stream).in_(each.cases))
        for each in wanted.about
    ]
    found += [
        not_(func.coalesce(and_(*conditions(each)), false()))
        for each in wanted.without
        if not each.is_whole
    ]
    return found


def _told(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    """What only the record itself tells, looked for in its bytes: they may be damaged, and must be
    shown all the same.
    """
    found: list[ColumnElement[bool]] = []
    if wanted.ip is not None:  # in a canonical record it stands behind the event's own id
        own = cast(col(AuditEvent.id), Text)
        found.append(_holds(literal('"id":"') + own + literal(f'","ip":{_quoted(wanted.ip)}')))
    if wanted.column is not None:
        found += [_holds(literal(_COLUMNS)), _holds(literal(_quoted(wanted.column)))]
    return found


def _holds(said: ColumnElement[str]) -> ColumnElement[bool]:
    sought = func.convert_to(said, literal("UTF8"), type_=LargeBinary)
    return func.position(sought.op("IN")(col(AuditEvent.canon))) > 0


def _quoted(said: str) -> str:
    return json.dumps(said, ensure_ascii=False)


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


def beside(session: Session, event: AuditEvent) -> tuple[UUID | None, UUID | None]:
    """The events before and after it in the same stream."""
    query = select(AuditEvent.seq, AuditEvent.id).where(
        AuditEvent.stream == event.stream,
        col(AuditEvent.seq).in_([event.seq - 1, event.seq + 1]),
    )
    found = dict(session.exec(query).all())
    return found.get(event.seq - 1), found.get(event.seq + 1)


def names(session: Session, object_id: str) -> bool:
    """Whether any event is about the thing of this number or code."""
    query = select(AuditEvent.id).where(AuditEvent.object_id == object_id)
    return session.exec(query.limit(1)).first() is not None


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
    except (ValueError, RecursionError):
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
