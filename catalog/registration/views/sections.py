"""What a section's form was made from, and whether its fields have changed since."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from catalog.attachments.models import Attachment
from catalog.registration.words import FIELDS, SECTION_OF, Section
from catalog.resources.fields.compared import ENTRY
from catalog.resources.schemas import ResourceRead
from shuqiao.changes import compare, names


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
            "is_key",
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
    differing = names(compare(ENTRY, before, entry.model_dump(mode="json")))
    found = {SECTION_OF[name] for name in differing if name in SECTION_OF}
    if any(
        row.created_at > at or (row.stored_at is not None and row.stored_at > at) for row in files
    ):
        found.add(Section.DATA)
    return found
