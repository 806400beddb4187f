"""Events as the table and their own pages show them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from audit.events import Event
from audit.models import AuditEvent
from auth.accounts import repository as accounts
from server.trail.words import GROUPS, KINDS, LABELS, READY, RESULTS, TONES
from shuqiao.clock import BEIJING
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page


@dataclass(frozen=True, slots=True)
class Row:
    """One event with the name of whoever did it."""

    event: AuditEvent
    who: str
    department: str

    @property
    def at(self) -> datetime:
        return self.event.at.astimezone(BEIJING)

    @property
    def beijing(self) -> str:
        """The moment to the millisecond as Beijing reads it."""
        return f"{self.at:%Y-%m-%d %H:%M:%S}.{self.at.microsecond // 1000:03d}"

    @property
    def label(self) -> Message | str:
        is_known = self.event.action in set(Event)
        return Event(self.event.action).label if is_known else self.event.action

    @property
    def result_label(self) -> Message | str:
        return RESULTS.get(self.event.result, self.event.result)

    @property
    def tone(self) -> str:
        return TONES.get(self.event.result, "neutral")


@dataclass(frozen=True, slots=True)
class TrailPage(Page):
    """``form``: the query line ``q`` and the fields that write it. ``ready``: often asked lines."""

    template = "trail/list.html"
    form: Form
    labels: Mapping[str, Message]
    actions: Sequence[tuple[str, str]]
    results: Sequence[tuple[str, Message]]
    ready: Sequence[tuple[Message, str]]
    rows: Sequence[Row]
    next_href: str
    is_first: bool


def trail_page(
    form: Form, rows: Sequence[Row] = (), next_href: str = "", *, is_first: bool = True
) -> TrailPage:
    """The events of the query in ``form``; a query that is refused finds none."""
    return TrailPage(
        form=form,
        labels=LABELS,
        actions=list(_actions(form.text("action"))),
        results=list(RESULTS.items()),
        ready=READY,
        rows=rows,
        next_href=next_href,
        is_first=is_first,
    )


def _actions(chosen: str) -> Iterator[tuple[str, str]]:
    """What the form offers: groups, and the single actions of the kind that is chosen."""
    offered = {key: f"{words}（{key}）" for key, words in GROUPS.items()}
    for kind, words in KINDS.items():
        offered[f"{kind}:*"] = f"{words}（{kind}:*）"
        if chosen.startswith(f"{kind}:"):
            events = [event for event in Event if event.startswith(f"{kind}:")]
            offered |= {event.value: f"{event.label}（{event.value}）" for event in events}
    if chosen and chosen not in offered:
        offered[chosen] = chosen
    yield from offered.items()


def refused_page(form: Form) -> TrailPage:
    return trail_page(form)


@dataclass(frozen=True, slots=True)
class EventPage(Page):
    """One event: its canonical record, and whether its bytes still give the leaf hash."""

    template = "trail/event.html"
    row: Row
    record: str
    leaf_hash: str
    byte_count: int
    is_intact: bool


def event_page(session: Session, event: AuditEvent) -> EventPage:
    (row,) = rows_of(session, [event])
    canon, leaf_hash = bytes(event.canon), bytes(event.leaf_hash)
    return EventPage(
        row=row,
        record=_pretty(canon),
        leaf_hash=leaf_hash.hex(),
        byte_count=len(canon),
        is_intact=sha256(b"\x00" + canon).digest() == leaf_hash,
    )


def rows_of(session: Session, events: Sequence[AuditEvent]) -> list[Row]:
    """The events with people's names: the trail keeps accounts and ids,
    names are looked up when it is read.
    """
    people = accounts.people(session, {event.actor for event in events})
    return [Row(event, *people.get(event.actor, (_nobody(event.actor), ""))) for event in events]


def _nobody(account: str) -> str:
    return str(_("System")) if account.startswith("system:") else account or str(_("Not signed in"))


def _pretty(canon: bytes) -> str:
    """The record for reading; bytes that are no JSON any more are shown
    as they are: the reader must see the damage.
    """
    try:
        return json.dumps(json.loads(canon), ensure_ascii=False, indent=2)
    except ValueError:
        return canon.decode("utf-8", "replace")
