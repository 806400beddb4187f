"""Judgements of what is typed: the day of a change, and what a cause is said to concern."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.guard import is_allowed
from auth.roles import Role
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from catalog.updates.repository import owed as repository
from catalog.updates.repository.owed import Chosen, Told
from catalog.updates.schemas import CauseCreate, NewData
from catalog.updates.words import BY_HAND, ChangeKind
from policies.actions import Action
from shuqiao.clock import today
from shuqiao.errors import FieldError
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

__all__ = ["IN_FORCE", "Chosen", "Told", "chosen", "day"]

#: From this day on the order is in force (Order 809, Art. 44).
IN_FORCE: Final = date(2025, 8, 1)


def day(on: date) -> list[FieldError]:
    """Whether a limit can run from that day."""
    if IN_FORCE <= on <= today():
        return []
    if on > today():
        detail: Message = _("The change has not come into force yet")
    else:
        detail = _("The day lies before the order came into force")
    fix = _("Give the day on which it came into force, from 2025-08-01 up to today.")
    return [FieldError("/on", "wrong_day", detail, fix)]


def by_hand(kind: ChangeKind) -> list[FieldError]:
    """Whether a person records it for an entry."""
    return [] if kind in BY_HAND else [_OF_THE_PLATFORM]


def chosen(
    session: Session, subject: Subject, body: CauseCreate
) -> tuple[Sequence[Chosen], list[FieldError]]:
    """What a cause recorded by hand concerns; the entries are locked."""
    if body.kind is ChangeKind.NEW_DATA:
        if body.codes or not body.data:
            return [], [_WANTS_DATA]
        return _data(session, subject, body.data)
    if errors := by_hand(body.kind):
        return [], errors
    if body.data or not body.codes:
        return [], [_WANTS_ENTRIES]
    return _entries(session, subject, body.codes)


def _entries(
    session: Session, subject: Subject, codes: Sequence[str]
) -> tuple[Sequence[Chosen], list[FieldError]]:
    known = repository.entries_by_code(session, subject, codes)
    errors = [
        FieldError(f"/codes/{place}", *wrong)
        for place, code in enumerate(codes)
        if (wrong := _wrong_entry(subject, known.get(code))) is not None
    ]
    return list(dict.fromkeys(Chosen.of(entry) for entry in known.values())), errors


def _wrong_entry(
    subject: Subject, entry: DataResource | None
) -> tuple[str, Message, Message] | None:
    if entry is None:
        return "unknown", _("There is no entry with this code"), _("Correct the code.")
    if entry.status is not ResourceStatus.PUBLISHED:
        said = _("Only a published entry has a limit for being updated")
        return "not_published", said, _("Leave this entry out.")
    if not is_allowed(subject, Action.UPDATE_RECORD, entry):
        said = _("The entry is another department's")
        return "not_yours", said, _("Leave it out, or ask the data administration to record it.")
    return None


def _data(
    session: Session, subject: Subject, lines: Sequence[NewData]
) -> tuple[Sequence[Chosen], list[FieldError]]:
    homes = repository.departments(session, {line.department for line in lines if line.department})
    own = repository.systems(session, {line.system for line in lines if line.system})
    found: dict[str, Chosen] = {}
    errors: list[FieldError] = []
    for place, line in enumerate(lines):
        home = homes.get(line.department) if line.department else None
        home_id = home.id if home is not None else subject.department_id
        wrong = list(_wrong_line(subject, line, home_id, bool(line.department) and home is None))
        system = own.get(line.system) if line.system else None
        if line.system and (system is None or system.owner_id != home_id):
            said = _("The department has no system with this number")
            wrong.append(("system", "unknown", said, _("Correct the number, or leave it out.")))
        errors += [FieldError(f"/data/{place}/{name}", *told) for name, *told in wrong]  # type: ignore[arg-type]
        if not wrong and home_id is not None:
            each = Chosen("", line.name, home_id, system.id if system is not None else None)
            found.setdefault(each.key, each)
    return list(found.values()), errors


def _wrong_line(
    subject: Subject, line: NewData, home_id: UUID | None, is_unknown: bool
) -> Iterator[tuple[str, str, Message, Message]]:
    if is_unknown or home_id is None:
        said, fix = _("There is no department with this code"), _("Correct the code.")
        yield "department", "unknown", said, fix
    elif home_id != subject.department_id and not subject.has(Role.DATA_ADMIN):
        said = _("New data is recorded by the department that holds it")
        fix = _("Leave the department out, or ask the data administration to record it.")
        yield "department", "not_yours", said, fix


_WANTS_DATA: Final = FieldError(
    "/data",
    "required",
    _("New data has no entry so far"),
    _("Say which data, and leave the entries out."),
)
_WANTS_ENTRIES: Final = FieldError(
    "/codes",
    "required",
    _("No entry is named that it concerns"),
    _("Name at least one published entry, and no new data."),
)
_OF_THE_PLATFORM: Final = FieldError(
    "/kind",
    "not_by_hand",
    _("The platform records this with the step that brings it about"),
    _("Choose a law, a regulation, a decision, an adjustment of duties, or new data."),
)
