"""Renewal on schedule (定期更新): a table of a department's database that is copied anew by the
update cycle of its entry.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from audit.append import ObjectRef, append
from audit.events import Event
from auth.cases import Part, ask, take
from catalog.attachments import repository as attachments
from catalog.attachments.models import Attachment
from catalog.attachments.service.files import MAKE_SNAPSHOT
from catalog.attachments.words import AttachmentStatus, DataSource
from catalog.editions import lifecycle, repository
from catalog.editions.checks import DAYS
from catalog.editions.errors import RefreshNotPossible
from catalog.editions.models import DataRefresh
from catalog.editions.schemas import RefreshRead
from catalog.resources import repository as resources
from catalog.resources.lifecycle import ATTACH, PUBLISHED
from catalog.resources.models import DataResource
from policies.clocks import Clock
from policies.deadlines import deadlines
from shuqiao.clock import now, today
from shuqiao.desk import clocks, todos
from shuqiao.errors import Forbidden, PreconditionFailed
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject

_COPIED: Final = (
    "file_name",
    "sha256",
    "source",
    "connection",
    "relation",
    "shape",
    "preview",
    "options",
)


def copied_table(session: Session, resource: DataResource) -> Attachment | None:
    """The connected table whose copy is the current edition; None for files and live tables."""
    current = repository.current(session, resource.id)
    row = attachments.attachment_by_id(session, current.attachment_id) if current else None
    is_copy = row is not None and row.source is DataSource.POSTGRESQL and not row.is_live
    return row if is_copy else None


def shown(session: Session, resource: DataResource) -> RefreshRead:
    """The renewal as it stands; version 0 before it was ever switched."""
    row = repository.refresh_of(session, resource.id)
    if row is None:
        return RefreshRead(is_on=False, due_at=None, failed_at=None, version=0)
    return RefreshRead.of(row)


def switch(
    session: Session, subject: Subject, resource: DataResource, *, is_on: bool, version: int
) -> DataRefresh:
    """Switch the renewal of ``resource`` (locked). ``version``: the one seen, 0 before the first.

    Switched on, the first copy is due after one cycle; at once, if the last one failed.

    Raises ``RefreshNotPossible``, ``PreconditionFailed``.
    """
    if subject.user_id is None:
        raise Forbidden(_("Only a person of a department registers data resources"))
    row = repository.refresh_of(session, resource.id)
    if version != (row.version if row else 0):
        raise PreconditionFailed
    table = copied_table(session, resource)
    if is_on and (table is None or resource.state != PUBLISHED):
        raise RefreshNotPossible(_("The data is not the stored copy of a connected table."))
    if is_on and resource.update_cycle not in DAYS:
        raise RefreshNotPossible(_("The update cycle of the entry names no number of days."))
    if row is None and table is None:
        raise RefreshNotPossible(_("The data is not the stored copy of a connected table."))
    if row is None:
        assert table is not None, "looked at above"
        row = DataRefresh(
            resource_id=resource.id, is_on=False, attachment_id=table.id, set_by=subject.user_id
        )
    if table is not None:
        row.attachment_id = table.id
    row.is_on, row.set_by, row.version = is_on, subject.user_id, version + 1
    row.due_at = (now() if row.failed_at else _next(resource)) if is_on else None
    session.add(row)
    session.flush()
    _note(session, subject, resource, row, Event.REFRESH_SET, {"is_on": is_on})
    if not is_on:
        over(session, resource, subject.user_id)
    return row


def order(session: Session, subject: Subject, resource_id: UUID) -> None:
    """Order the copy that is due. A no-op when it was ordered, or switched off, meanwhile."""
    resource = resources.by_id(session, resource_id, lock=True)
    row = repository.refresh_of(session, resource_id)
    if row is None or not row.is_on or row.due_at is None or row.due_at > now():
        return
    last = attachments.attachment_by_id(session, row.attachment_id)
    assert last is not None, "a renewal goes on from a copy"
    row.due_at, row.version = _next(resource), row.version + 1
    if resource.state == PUBLISHED and last.status is not AttachmentStatus.CONFIRMED:
        copy = Attachment(
            id=uuid7(),
            resource_id=resource.id,
            uploader_id=row.set_by,
            bytes=0,
            status=AttachmentStatus.CONFIRMED,
            **{name: getattr(last, name) for name in _COPIED},
        )
        session.add(copy)
        session.flush()
        part = Part(ObjectRef("Attachment", str(copy.id), copy.version), (None, copy.status.value))
        why = {"connection": copy.connection, "relation": copy.relation, "shape": copy.sha256}
        take(session, subject, resource, ATTACH, part=part, why=why)
        row.attachment_id = copy.id
        enqueue(session, MAKE_SNAPSHOT, lock=f"attachment:{copy.id}", attachment_id=str(copy.id))
    session.flush()
    _note(session, subject, resource, row, Event.REFRESH_ORDERED, {"due_at": row.due_at})


def noted(session: Session, subject: Subject, attachment_id: UUID) -> None:
    """How the copy ordered last ended: a failure is a task for the registrar and the data stays
    what it was; a success ends that task. A no-op for all other data.
    """
    copy = attachments.attachment_by_id(session, attachment_id)
    row = repository.refresh_by_copy(session, attachment_id)
    if copy is None or row is None:
        return
    resource = resources.by_id(session, row.resource_id, lock=True)
    session.refresh(row)
    has_failed = copy.status is AttachmentStatus.REFUSED
    if row.attachment_id != attachment_id or has_failed == (row.failed_at is not None):
        return
    current = repository.current(session, resource.id)
    row.failed_at, row.version = now() if has_failed else None, row.version + 1
    session.flush()
    why = {"attachment": copy.id, "has_failed": has_failed}
    event = Event.REFRESH_FAILED if has_failed else Event.REFRESH_MENDED
    _note(session, subject, resource, row, event, why)
    case_no = f"{resource.code}#refresh"
    if has_failed and current is not None:
        limit = deadlines()[Clock.REFRESH_MENDING].given
        kind = Clock.REFRESH_MENDING.value
        clocks.start(session, case_no=case_no, kind=kind, limit=limit, started_on=today())
        ask(session, current, lifecycle.MEND, under=case_no)
    elif not has_failed:
        over(session, resource, None)


def over(session: Session, resource: DataResource, by: UUID | None) -> None:
    """Nothing is left to mend: a copy succeeded, nobody wants one, or the entry is gone."""
    case_no = f"{resource.code}#refresh"
    clocks.close(session, case_no=case_no, kind=lifecycle.MENDING, on=today())
    todos.done(session, case_no=case_no, by=by)


def _next(resource: DataResource) -> datetime | None:
    days = DAYS.get(resource.update_cycle) if resource.update_cycle else None
    return now() + timedelta(days=days) if days else None


def _note(
    session: Session,
    subject: Subject,
    resource: DataResource,
    row: DataRefresh,
    event: Event,
    why: Mapping[str, Any],
) -> None:
    append(
        session,
        subject,
        event,
        stream=resource.audit_stream(),
        obj=ObjectRef("DataRefresh", resource.code, row.version),
        result="error" if event is Event.REFRESH_FAILED else "allow",
        why=why,
    )
