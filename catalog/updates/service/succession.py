"""Entries, and what is owed for them, go over to a successor."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.succession.service.holdings import Held, Ruling
from catalog.resources import repository as resources
from catalog.updates.models import CatalogueChange
from catalog.updates.repository import owed as repository
from catalog.updates.service.causes import IN_FORCE, open_for
from catalog.updates.words import ChangeKind
from shuqiao.clock import now
from shuqiao.desk import todos
from shuqiao.subject import Subject


def held_entries(session: Session, department_id: UUID) -> Sequence[Held]:
    """The entries of a department, for a successor to take over."""
    rows = repository.entries_of(session, department_id)
    sensitive = repository.sensitive(session, {row.id for row in rows})
    return [
        Held(row.code, row.title, f"/catalog/{row.url_code}", is_sensitive=row.id in sensitive)
        for row in rows
    ]


def succeed(session: Session, subject: Subject, code: str, ruling: Ruling) -> None:
    """An entry goes over to the successor with its number, its working copy and what is owed for
    it; of a published one the limit of Art. 17 runs from the day of the act.
    """
    entry = resources.by_code(session, code, lock=True)
    assert entry is not None, "what is left was read in this transaction"
    copy = resources.working_copy(session, entry, lock=True)
    for row in (entry, copy):
        if row is not None:
            row.provider_id, row.version = ruling.after.id, row.version + 1
            row.updated_at = now()
            names = [item.name for item in resources.items_of(session, row.id)]
            resources.index(row, names, ruling.after.name)
    session.flush()
    append(
        session,
        subject,
        Event.RESOURCE_SUCCEEDED,
        stream=entry.audit_stream(),
        obj=entry.audit_ref(),
        why={**ruling.why(), "working_copy": copy is not None},
    )
    before, after = ruling.before.id, ruling.after.id
    todos.hand_over(session, case_no=entry.code, before=before, after=after)
    for change in repository.open_of_entry(session, entry.code):
        _hand_over(session, subject, change, ruling)
    if ruling.effective_on >= IN_FORCE:
        open_for(
            session,
            subject,
            entry,
            ChangeKind.DEPARTMENT_REORGANISED,
            on=ruling.effective_on,
            cause=ObjectRef("Reorganisation", ruling.act_no),
            basis=f"{ruling.document_no} {ruling.article}".strip(),
        )


def held_data(session: Session, department_id: UUID) -> Sequence[Held]:
    """New data of a department without an entry so far, for a successor to register."""
    rows = repository.data_of(session, department_id)
    return [
        Held(row.change_no, row.resource_title, f"/change-events/{row.change_no}") for row in rows
    ]


def succeed_data(session: Session, subject: Subject, number: str, ruling: Ruling) -> None:
    """What is owed for new data is owed by the successor."""
    change = repository.by_no(session, number, lock=True)
    assert change is not None, "what is left was read in this transaction"
    _hand_over(session, subject, change, ruling)


def _hand_over(session: Session, subject: Subject, change: CatalogueChange, ruling: Ruling) -> None:
    before, after = ruling.before.id, ruling.after.id
    change.provider_id, change.version = after, change.version + 1
    session.flush()
    ref, stream = change.audit_ref(), change.audit_stream()
    append(session, subject, Event.UPDATE_SUCCEEDED, stream=stream, obj=ref, why=ruling.why())
    todos.hand_over(session, case_no=change.change_no, before=before, after=after)
