"""The rules of the negative list."""

from catalog.negative.service.acting import (
    end,
    expire,
    fall_due,
    keep,
    publish_with,
    queue,
    review,
    take_down,
)
from catalog.negative.service.alone import consent, propose_alone, withdraw
from catalog.negative.service.contesting import answer, close_answering, contest, decide
from catalog.negative.service.proposing import drop, ended, propose
from catalog.negative.service.reaching import elsewhere, strikes

__all__ = [
    "answer",
    "close_answering",
    "consent",
    "contest",
    "decide",
    "drop",
    "elsewhere",
    "end",
    "ended",
    "expire",
    "fall_due",
    "keep",
    "propose",
    "propose_alone",
    "publish_with",
    "queue",
    "review",
    "strikes",
    "take_down",
    "withdraw",
]
