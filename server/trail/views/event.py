"""The page of one event."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import Session

from audit.models import AuditEvent
from audit.queries import beside
from server.trail.views.rows import Row, rows_of
from server.trail.views.telling import Fact, Text, Value, change_of, facts_of, lead
from shuqiao.subject import Subject
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class EventPage(Page):
    """One event: what it tells in words, its neighbours in the case, its canonical record, and
    whether the bytes of that still give the leaf hash.
    """

    template = "trail/event.html"
    row: Row
    facts: Sequence[Fact]
    change: tuple[Text, Text] | None
    thing: Value
    before: UUID | None
    after: UUID | None
    record: str
    leaf_hash: str
    byte_count: int
    is_intact: bool


def event_page(session: Session, subject: Subject, event: AuditEvent) -> EventPage:
    (row,) = rows_of(session, [event])
    canon, leaf_hash = bytes(event.canon), bytes(event.leaf_hash)
    record = _read(canon)
    before, after = beside(session, event)
    return EventPage(
        row=row,
        facts=list(facts_of(session, subject, event, record)),
        change=change_of(event, record),
        thing=Value(
            row.thing or row.kind, lead(session, subject, event.object_type, event.object_id)
        ),
        before=before,
        after=after,
        record=_pretty(canon),
        leaf_hash=leaf_hash.hex(),
        byte_count=len(canon),
        is_intact=sha256(b"\x00" + canon).digest() == leaf_hash,
    )


def _read(canon: bytes) -> Mapping[str, Any]:
    """Nothing where the bytes are damaged: the record below shows them as they are."""
    try:
        found = json.loads(canon)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _pretty(canon: bytes) -> str:
    """The record for reading; bytes that are no JSON any more are shown
    as they are: the reader must see the damage.
    """
    try:
        return json.dumps(json.loads(canon), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return canon.decode("utf-8", "replace")
