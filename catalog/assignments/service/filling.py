"""What is claimed is filled (填报): duty, matter, system and table are said, the entry is named or
begun, and the catalogue moves it on. Flushes and records, never commits.
"""

import re
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.cases import check, take
from auth.duties import repository as duties
from auth.guard import is_allowed
from catalog.assignments.lifecycle import assignments as steps
from catalog.assignments.models import Assignment, TemplateLine
from catalog.assignments.repository import assignments as repository
from catalog.assignments.repository import templates
from catalog.assignments.schemas.assignments import EntryOpen, WayWrite
from catalog.assignments.words import STAGES, AssignmentStatus
from catalog.elements import repository as elements
from catalog.elements.words import DataType
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.fields.system import SourceSystem
from catalog.resources.lifecycle import EDIT
from catalog.resources.models import DataResource
from catalog.resources.schemas import ItemWrite, ResourceCreate
from catalog.resources.words import ResourceStatus
from catalog.systems import repository as systems
from policies.actions import Action
from shuqiao.errors import FieldError, Invalid
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

BATCH: Final = 100
#: What people put between the items that they expect.
_BETWEEN: Final = re.compile("[,，、;；\n]+")
_ITEMS_LIMIT: Final = 200


def describe(
    session: Session, subject: Subject, row: Assignment, body: WayWrite, *, version: int
) -> Assignment:
    """Say duty, matter, system and table of what is claimed (locked).

    Raises ``AssignmentChanged``, ``AssignmentNotNow``, ``Invalid`` naming the fields.
    """
    check(row, steps.DESCRIBE, version)
    said = {
        "duty_id": _duty(session, row, body.duty_no),
        "matter": body.matter,
        "system_id": _system(session, row, body.system_no),
        "table_name": body.table_name,
    }
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    for name, value in said.items():
        setattr(row, name, value)
    row.version += 1
    take(session, subject, row, steps.DESCRIBE, why={"changed": changed})
    return row


def bind(
    session: Session, subject: Subject, row: Assignment, code: str, *, version: int
) -> Assignment:
    """Name the entry of the own department that fills it; the entry takes on the upper code: a
    draft at once, a published one with its next version.

    Raises ``AssignmentChanged``, ``AssignmentNotNow``, ``Invalid``.
    """
    check(row, steps.BIND, version)
    entry = resources.by_code(session, code, lock=True)
    if (
        entry is None
        or entry.provider_id != row.department_id
        or entry.status is ResourceStatus.TAKEN_DOWN
    ):
        fix = _("Use the code of an entry of your department.")
        raise Invalid(errors=[FieldError("/code", "unknown", _("No such entry"), fix)])
    line = _line(session, row)
    stands = entry.upper_code or repository.upper_code_of(session, entry.id)
    if line.upper_code and stands not in ("", line.upper_code):
        fix = _("Name another entry, or register one of its own for this line.")
        detail = _("The entry has another upper code")
        raise Invalid(errors=[FieldError("/code", "other_upper_code", detail, fix)])
    return _bound(session, subject, row, entry)


def open_entry(
    session: Session, subject: Subject, row: Assignment, body: EntryOpen, *, version: int
) -> DataResource:
    """Begin the entry: a draft with the title, the items, the element and the upper code of the
    line, and the system that was said.

    Raises ``AssignmentChanged``, ``AssignmentNotNow``, ``Invalid``.
    """
    check(row, steps.BIND, version)
    if row.resource_id is not None:
        fix = _("Go on with it, or name another one.")
        raise Invalid(errors=[FieldError("/class_code", "there", _("It has an entry"), fix)])
    line = _line(session, row)
    named = systems.named(session, {row.system_id} if row.system_id else set())
    number = next((each.system_no for each in named.values()), "")
    draft = ResourceCreate(
        class_code=body.class_code,
        share_type=body.share_type,
        title=line.title,
        abstract=line.definition[:256],
        upper_code=line.upper_code,
        system=SourceSystem(system_no=number) if number else None,
        items=_items(session, line),
    )
    entry = registering.register(session, subject, draft)
    _bound(session, subject, row, entry)
    return entry


def upper_code(session: Session, entry_id: UUID) -> str:
    """The code that an entry keeps because of the line that it fills, for the room of entries."""
    return repository.upper_code_of(session, entry_id)


def advance(session: Session) -> int:
    """Move on what the catalogue has moved; gives how many, at most ``BATCH``."""
    behind = repository.behind(session, BATCH)
    for row, fact in behind:
        _follow(session, row, AssignmentStatus(fact))
    return len(behind)


def follow(session: Session, row: Assignment) -> None:
    """Move one on now."""
    if row.status in STAGES:
        fact = repository.fact_of(session, row.id)
        if fact is not row.status:
            _follow(session, row, fact)


def _follow(session: Session, row: Assignment, fact: AssignmentStatus) -> None:
    if fact is AssignmentStatus.CLAIMED:
        row.resource_id = None
    take(session, Subject.system("worker"), row, steps.FACTS[fact])


def _bound(session: Session, subject: Subject, row: Assignment, entry: DataResource) -> Assignment:
    line = _line(session, row)
    row.resource_id, row.version = entry.id, row.version + 1
    take(session, subject, row, steps.BIND, why={"entry": entry.code})
    session.flush()
    is_open = entry.state in EDIT.at and entry.copy_of is None
    lacks = line.upper_code and entry.upper_code != line.upper_code
    if lacks and is_open and is_allowed(subject, Action.RESOURCE_EDIT, entry):
        same = registering.as_written(registering.read(session, entry))
        registering.edit(session, subject, entry, same, version=entry.version)
    follow(session, row)
    return row


def _items(session: Session, line: TemplateLine) -> list[ItemWrite]:
    names = [each.strip()[:100] for each in _BETWEEN.split(line.items_text) if each.strip()]
    names = list(dict.fromkeys(names))[:_ITEMS_LIMIT]
    found = elements.by_ids(session, [line.element_id]) if line.element_id else {}
    items = []
    for element in found.values():
        names = [name for name in names if name != element.name]
        items.append(
            ItemWrite(
                name=element.name,
                column_name=element.name,
                data_type=element.data_type,
                element=element.identifier,
            )
        )
    return [
        *items,
        *(ItemWrite(name=name, column_name=name, data_type=DataType.TEXT) for name in names),
    ]


def _line(session: Session, row: Assignment) -> TemplateLine:
    return templates.lines_by_id(session, {row.line_id})[row.line_id]


def _duty(session: Session, row: Assignment, number: str) -> UUID | None:
    if not number:
        return None
    found = duties.by_no(session, row.department_id, number)
    if found is None:
        fix = _("Use the number of a duty that is recorded for your department.")
        raise _unknown("duty_no", _("The department has no such duty"), fix)
    return found.id


def _system(session: Session, row: Assignment, number: str) -> UUID | None:
    if not number:
        return None
    found = systems.by_no(session, number)
    if found is None or found.owner_id != row.department_id:
        fix = _("Use the number of a system that your department has registered, or leave it out.")
        raise _unknown("system_no", _("No such system"), fix)
    return found.id


def _unknown(name: str, detail: Message, fix: Message) -> Invalid:
    return Invalid(errors=[FieldError(f"/{name}", "unknown", detail, fix)])
