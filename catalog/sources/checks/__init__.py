"""What is looked at before a claim is taken in, who decides on it, what rooms above answer for."""

from catalog.sources.checks.claims import (
    CONFLICTS,
    SOURCE_CHANGED,
    OpenConflict,
    may_have_source,
    nameable,
    undisputed,
)

__all__ = [
    "CONFLICTS",
    "SOURCE_CHANGED",
    "OpenConflict",
    "may_have_source",
    "nameable",
    "undisputed",
]
