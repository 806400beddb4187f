"""The receipt every mutating answer carries: ``Answer(**fields, **receipt(session))``."""

from typing import Any

from sqlmodel import Session

from audit.append import recorded
from audit.schemas import EventRef


def receipt(session: Session) -> dict[str, Any]:
    """The fields of an ``EventReceipt``: the latest event of this transaction, and all of them."""
    events = [
        EventRef(event_id=event.event_id, leaf_hash=event.leaf_hash) for event in recorded(session)
    ]
    return {**events[-1].model_dump(), "events": events}
