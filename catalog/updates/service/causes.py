"""What asks for updates (更新事由): recorded once by a person, or by the platform with the step
that brings it about, and opened for every entry that it concerns.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.cases import take
from auth.departments.models import Department, Reorganisation
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from catalog.updates import checks, lifecycle
from catalog.updates.checks import IN_FORCE, Chosen, Told
from catalog.updates.errors import AlreadyOwed
from catalog.updates.lifecycle import OPENS
from catalog.updates.models import CatalogueChange, UpdateCause
from catalog.updates.repository import owed as repository
from catalog.updates.schemas import CauseCreate, ChangeCreate
from catalog.updates.words import ChangeKind
from policies.deadlines import deadlines
from shuqiao.clock import today
from shuqiao.errors import Invalid
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

__all__ = ["IN_FORCE", "open_for", "record", "record_cause", "renamed"]

_NOTHING: Final = ObjectRef("", "")


def record(
    session: Session, subject: Subject, resource: DataResource, body: ChangeCreate
) -> CatalogueChange:
    """Record a change that concerns one published entry (locked): its limit runs from the day of
    the change.

    Raises ``Invalid`` for a day to come, or before the order; ``NotPossibleNow``; ``AlreadyOwed``.
    """
    if resource.status is not ResourceStatus.PUBLISHED:
        raise NotPossibleNow(_("Only a published entry has a limit for being updated"))
    errors = [*checks.day(body.on), *checks.by_hand(body.kind)]
    if errors:
        raise Invalid(errors=errors)
    told = Told(body.kind, body.on, body.basis)
    for owed in repository.alike(session, told, [resource.code]).values():
        raise AlreadyOwed(owed)
    cause = _keep(session, subject, told, _NOTHING, {"updates": 1})
    return _open(session, subject, cause, resource)


def record_cause(
    session: Session, subject: Subject, body: CauseCreate
) -> tuple[UpdateCause, Sequence[CatalogueChange]]:
    """Record a cause by hand and open what it asks for, all in one act; what is owed for the very
    same already is left as it is.

    Raises ``Invalid`` naming the entries or lines; ``AlreadyOwed`` where nothing is left.
    """
    told = Told(body.kind, body.on, body.basis)
    chosen, errors = checks.chosen(session, subject, body)
    errors = [*checks.day(body.on), *errors]
    if errors:
        raise Invalid(errors=errors)
    open_ones = _open_alike(session, told, chosen)
    left = [each for each in chosen if each.key not in open_ones]
    if not left:
        raise AlreadyOwed(next(iter(open_ones.values())))
    why: dict[str, Any] = {"updates": len(left)}
    if open_ones:
        why["open_already"] = sorted(open_ones.values())
    cause = _keep(session, subject, told, _NOTHING, why)
    return cause, [_open(session, subject, cause, each) for each in left]


def open_for(
    session: Session,
    subject: Subject,
    resource: DataResource,
    kind: ChangeKind,
    *,
    on: date,
    cause: ObjectRef,
    basis: str,
) -> CatalogueChange | None:
    """Open the update that an entry (locked) owes for a step of the platform, by the table
    ``OPENS``; ``subject`` is who took the step, or the system.

    ``on``: the day of the change; a limit never runs from before the order. ``cause``: the object
    of the step, one cause for all entries that it reaches on that day; ``basis``: what happened, in
    words. None for an entry that is not published, and for a kind that opens nothing; the same step
    again gives what it opened. Raises ``Invalid`` for a day to come.
    """
    if on > today():
        raise Invalid(errors=checks.day(on))
    told = Told(kind, on, basis[:500])
    kept = repository.cause_about(session, told, cause)
    if resource.status is not ResourceStatus.PUBLISHED or OPENS[kind].clock is None:
        return None
    if kept is None:
        kept = _keep(session, subject, told, cause, {})
    found = repository.of_cause_and_entry(session, kept.id, resource.code)
    return found or _open(session, subject, kept, resource)


def source_changed(
    session: Session,
    subject: Subject,
    resource: DataResource,
    on: date,
    claim: ObjectRef,
    basis: str,
) -> None:
    """The source of an element that the entry holds is another one, by ``claim`` (Art. 19)."""
    kind = ChangeKind.SOURCE_RE_ASSIGNED
    open_for(session, subject, resource, kind, on=on, cause=claim, basis=basis)


def renamed(
    session: Session, subject: Subject, department: Department, act: Reorganisation, before: str
) -> None:
    """A department has another name: a cause that opens nothing, since no duty changed. The next
    version of each entry bears the new name; the register shows how many bear the former one.
    """
    basis = f"“{before}”更名为“{department.name}”{act.document_no and f'（{act.document_no}）'}"
    told = Told(ChangeKind.DEPARTMENT_RENAMED, act.effective_on, basis[:500])
    why = {
        "department": department.code,
        "entries": repository.count_published(session, department.id),
    }
    _keep(session, subject, told, ObjectRef("Reorganisation", act.act_no), why)


def _open_alike(session: Session, told: Told, chosen: Sequence[Chosen]) -> dict[str, str]:
    if told.kind is ChangeKind.NEW_DATA:
        return repository.data_alike(session, chosen)
    return repository.alike(session, told, [each.key for each in chosen])


def _keep(
    session: Session, subject: Subject, told: Told, about: ObjectRef, why: dict[str, Any]
) -> UpdateCause:
    cause = UpdateCause(
        cause_no=next_number(session, "UC"),
        kind=told.kind,
        changed_on=told.on,
        basis=told.basis,
        about_type=about.type,
        about_no=about.id,
        recorder_id=subject.user_id,
        department_id=subject.department_id if subject.user_id is not None else None,
    )
    session.add(cause)
    session.flush()
    said = {"kind": told.kind, "on": told.on, "basis": told.basis, **why}
    if about.id:
        said |= {"about": f"{about.type} {about.id}"}
    append(
        session,
        subject,
        Event.CAUSE_RECORDED,
        stream=cause.audit_stream(),
        obj=cause.audit_ref(),
        why=said,
    )
    return cause


def _open(
    session: Session, subject: Subject, cause: UpdateCause, of: DataResource | Chosen
) -> CatalogueChange:
    """The update of one entry, or of new data, with its limit and its task."""
    clock = OPENS[cause.kind].clock
    assert clock is not None, "a kind that opens nothing is asked for nothing"
    chosen = Chosen.of(of) if isinstance(of, DataResource) else of
    change = CatalogueChange(
        change_no=next_number(session, "CE"),
        cause_id=cause.id,
        resource_code=chosen.code,
        resource_title=chosen.title,
        provider_id=chosen.provider_id,
        system_id=chosen.system_id,
        recorder_id=cause.recorder_id,
        changed_on=cause.changed_on,
        kind=cause.kind,
        basis=cause.basis,
    )
    session.add(change)
    session.flush()
    why = {
        "cause": cause.cause_no,
        "resource": chosen.code,
        "on": cause.changed_on,
        "kind": cause.kind,
        "basis": cause.basis,
    }
    since = today() if cause.kind is ChangeKind.NEW_DATA else max(cause.changed_on, IN_FORCE)
    limit = deadlines()[clock]
    take(session, subject, change, lifecycle.RECORD, why=why, since=since, limit=limit)
    return change
