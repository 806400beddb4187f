"""The rules of the source of an element: claimed, countersigned, named (Order 809, Art. 19)."""

from catalog.sources.service.claiming import propose, register_scope, withdraw
from catalog.sources.service.countersigning import answer, ask
from catalog.sources.service.lapsing import end_scope
from catalog.sources.service.naming import (
    confirm,
    end,
    except_area,
    has_spoken,
    hindrance,
    reassign,
    refuse,
)

__all__ = [
    "answer",
    "ask",
    "confirm",
    "end",
    "end_scope",
    "except_area",
    "has_spoken",
    "hindrance",
    "propose",
    "reassign",
    "refuse",
    "register_scope",
    "withdraw",
]
