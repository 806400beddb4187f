"""Events with the names of people and of what happened."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from audit.events import Event
from audit.models import AuditEvent
from auth.accounts import repository as accounts
from server.trail.words.asked import RESULTS, TONES
from server.trail.words.things import OBJECTS
from shuqiao.clock import BEIJING
from shuqiao.i18n import Message, _

ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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
    def kind(self) -> Message | str:
        """What kind of thing it is about."""
        return OBJECTS.get(self.event.object_type, self.event.object_type)

    @property
    def thing(self) -> str:
        """The number or code by which people know it; what only has an id has none."""
        return "" if ID.fullmatch(self.event.object_id) else self.event.object_id

    @property
    def result_label(self) -> Message | str:
        return RESULTS.get(self.event.result, self.event.result)

    @property
    def tone(self) -> str:
        return TONES.get(self.event.result, "neutral")


def rows_of(session: Session, events: Sequence[AuditEvent]) -> list[Row]:
    """The events with people's names: the trail keeps accounts and ids,
    names are looked up when it is read.
    """
    people = accounts.people(session, {event.actor for event in events})
    return [Row(event, *people.get(event.actor, (_nobody(event.actor), ""))) for event in events]


def _nobody(account: str) -> str:
    return str(_("System")) if account.startswith("system:") else account or str(_("Not signed in"))
