"""What the trail puts into answers."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel


class EventRef(BaseModel):
    """Identity and leaf hash of one event."""

    event_id: UUID
    leaf_hash: str


class EventReceipt(EventRef):
    """Mixed into every mutating answer: keep these values and a later
    deletion of the event can be proven.

    ``event_id`` and ``leaf_hash`` are those of the step itself; ``events`` lists all of the same
    transaction.
    """

    events: list[EventRef]


class AuditEventRead(BaseModel):
    """One event as recorded: ``event`` is canonical form, parsed; ``label`` its tag in words."""

    event_id: UUID
    leaf_hash: str
    stream: str
    seq: int
    label: str
    event: dict[str, Any]
