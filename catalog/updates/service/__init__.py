"""The rules of updates: what asks for them, and what is owed for each entry (Art. 17)."""

from catalog.updates.service.causes import open_for, record, record_cause, renamed, source_changed
from catalog.updates.service.owed import (
    ask_extension,
    clock_of,
    decide_extension,
    dismiss,
    extension_cap,
    meet,
    name_entry,
)
from catalog.updates.service.succession import held_data, held_entries, succeed, succeed_data

__all__ = [
    "ask_extension",
    "clock_of",
    "decide_extension",
    "dismiss",
    "extension_cap",
    "held_data",
    "held_entries",
    "meet",
    "name_entry",
    "open_for",
    "record",
    "record_cause",
    "renamed",
    "source_changed",
    "succeed",
    "succeed_data",
]
