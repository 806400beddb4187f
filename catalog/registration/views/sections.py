"""What a section's form was made from, and whether its fields have changed since."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from catalog.attachments.models import Attachment
from catalog.registration.words import FIELDS, Section
from catalog.resources.schemas import ResourceRead


def draft_form(section: str) -> str:
    """The name under which drafts of a section are kept."""
    return f"resource/{section}"


def fingerprint(entry: ResourceRead, section: Section) -> str:
    """What a form of ``section`` was made from: equal as long as nobody
    changed these fields. 16 hex digits.
    """
    seen = entry.model_dump_json(include={name: _SEEN.get(name, True) for name in FIELDS[section]})
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


#: An item's own id, and what it takes from the resource, are not typed in its row.
_SEEN: Final[Mapping[str, Any]] = {
    "items": {
        "__all__": {
            "name",
            "column_name",
            "data_type",
            "element",
            "is_personal",
            "share_type",
            "security_level",
            "description",
        }
    }
}


def changed_since(
    entry: ResourceRead, files: Iterable[Attachment], before: Mapping[str, Any], at: Any
) -> set[Section]:
    """The sections that differ from ``before`` (an entry as it was
    looked at, as JSON) or got data after ``at``.
    """
    now = entry.model_dump(mode="json")
    found = {
        section
        for section, fields in FIELDS.items()
        if any(_plain(now[name]) != _plain(before.get(name)) for name in fields)
    }
    if any(
        row.created_at > at or (row.stored_at is not None and row.stored_at > at) for row in files
    ):
        found.add(Section.DATA)
    return found


def _plain(value: Any) -> Any:
    """Items without their ids and positions: only what was written counts."""
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {name: part for name, part in value.items() if name not in ("id", "position")}
    return value
