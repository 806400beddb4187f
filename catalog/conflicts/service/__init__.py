"""The rules of source conflicts: opened against a claim, heard, decided, once reviewed."""

from catalog.conflicts.service.deciding import ask_review, decide, has_acted, review
from catalog.conflicts.service.judging import refer
from catalog.conflicts.service.lapsing import element_ended, follow_claim, held, succeed
from catalog.conflicts.service.opening import (
    attach_opinion,
    close_hearings,
    open_conflict,
    open_conflicts,
    state,
    withdraw,
)

__all__ = [
    "ask_review",
    "attach_opinion",
    "close_hearings",
    "decide",
    "element_ended",
    "follow_claim",
    "has_acted",
    "held",
    "open_conflict",
    "open_conflicts",
    "refer",
    "review",
    "state",
    "succeed",
    "withdraw",
]
