"""The rules of Art. 17: a change is recorded, more time is asked for and given once, and the next
published version ends the limit. Flushes and records, never commits.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.cases import check, take
from auth.succession.service.holdings import Held, Ruling
from catalog.resources import repository as resources
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from catalog.updates import lifecycle, repository
from catalog.updates.models import CatalogueChange
from catalog.updates.schemas import ChangeCreate, ExtensionAsk, ExtensionDecision
from catalog.updates.words import ChangeKind, ExtensionOutcome
from policies.deadlines import Clock, deadlines
from shuqiao.clock import now, today
from shuqiao.desk import clocks, todos
from shuqiao.desk.models import CaseClock
from shuqiao.errors import Conflict, FieldError, Invalid
from shuqiao.i18n import Message, _, ngettext
from shuqiao.numbers import next_number
from shuqiao.subject import Subject

#: From this day on the order is in force (Order 809, Art. 44).
IN_FORCE: Final = date(2025, 8, 1)


def record(
    session: Session, subject: Subject, resource: DataResource, body: ChangeCreate
) -> CatalogueChange:
    """Record a change that concerns a published entry: its limit runs from the day of the change.

    Raises ``Invalid`` for a day to come, or before the order; ``NotPossibleNow``.
    """
    if resource.status is not ResourceStatus.PUBLISHED:
        raise NotPossibleNow(_("Only a published entry has a limit for being updated"))
    if not IN_FORCE <= body.on <= today():
        raise Invalid(errors=[_wrong_day(body.on)])
    assert subject.user_id is not None
    change = CatalogueChange(
        change_no=next_number(session, "CE"),
        resource_code=resource.code,
        resource_title=resource.title,
        provider_id=resource.provider_id,
        recorder_id=subject.user_id,
        changed_on=body.on,
        kind=body.kind,
        basis=body.basis,
    )
    session.add(change)
    session.flush()
    why = {"resource": resource.code, "on": body.on, "kind": body.kind, "basis": body.basis}
    take(session, subject, change, lifecycle.RECORD, why=why, since=body.on)
    return change


def duty_changed(
    session: Session, subject: Subject, resource: DataResource, on: date, basis: str
) -> None:
    """The same for a duty that went to another department, decided by a step of the platform."""
    record(session, subject, resource, ChangeCreate(on=on, kind=ChangeKind.DUTY, basis=basis))


def ask_extension(
    session: Session, subject: Subject, change: CatalogueChange, body: ExtensionAsk
) -> CatalogueChange:
    """Ask the data administration for more time. Raises ``Invalid`` beyond the cap, ``Conflict``
    once the limit is over, or when there was an extension already.
    """
    check(change, lifecycle.ASK_EXTENSION)
    cap = deadlines()[Clock.CATALOGUE_UPDATE].extension_working_days
    if body.working_days > cap:
        raise Invalid(errors=[_too_many(cap)])
    _check_in_time(session, change)
    change.extension_days, change.extension_reason = body.working_days, body.reason
    change.asked_at = now()
    why = {"working_days": body.working_days, "reason": body.reason}
    take(session, subject, change, lifecycle.ASK_EXTENSION, why=why)
    return change


def decide_extension(
    session: Session, subject: Subject, change: CatalogueChange, body: ExtensionDecision
) -> CatalogueChange:
    """The word of the data administration on what was asked for. Raises ``Invalid`` for a refusal
    without a reason, ``Conflict`` once the limit is over.
    """
    said: dict[str, object] = {"remark": body.remark}
    if body.outcome is ExtensionOutcome.REFUSED:
        if not body.remark:
            raise Invalid(errors=[_NO_REMARK])
        check(change, lifecycle.REFUSE_EXTENSION)
        why = said | _sign(subject, change)
        take(session, subject, change, lifecycle.REFUSE_EXTENSION, why=why, words=said)
        return change
    check(change, lifecycle.EXTEND)
    assert change.extension_days is not None
    clock = clocks.extend(
        session,
        case_no=change.change_no,
        kind=lifecycle.UPDATE,
        days=change.extension_days,
        cap_days=deadlines()[Clock.CATALOGUE_UPDATE].extension_working_days,
        on=today(),
        why=_("Extended with the consent of the data administration"),
    )
    why = {**said, "working_days": change.extension_days, "due_on": clock.due_on}
    take(session, subject, change, lifecycle.EXTEND, why=why | _sign(subject, change))
    return change


def _sign(subject: Subject, change: CatalogueChange) -> dict[str, object]:
    """Keep who decides, and mark what is decided about the own department (本部门自审); gives what
    the event says of that.
    """
    change.decider_id, change.decided_at = subject.user_id, now()
    change.is_self_reviewed = subject.department_id == change.provider_id
    return {"self_reviewed": True} if change.is_self_reviewed else {}


def meet(session: Session, subject: Subject, resource: DataResource) -> None:
    """The entry is published anew, or taken down: whatever was owed for it is done."""
    for change in repository.open_of_entry(session, resource.code):
        why = {"published_version": resource.published_version, "entry": resource.status}
        take(session, subject, change, lifecycle.MEET, why=why)


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
        change.provider_id, change.version = after, change.version + 1
        session.flush()
        ref, stream = change.audit_ref(), change.audit_stream()
        append(session, subject, Event.UPDATE_SUCCEEDED, stream=stream, obj=ref, why=ruling.why())
        todos.hand_over(session, case_no=change.change_no, before=before, after=after)
    if entry.status is ResourceStatus.PUBLISHED and ruling.effective_on >= IN_FORCE:
        basis = f"{ruling.document_no} {ruling.article}"
        body = ChangeCreate(on=ruling.effective_on, kind=ChangeKind.DUTY, basis=basis)
        record(session, subject, entry, body)


def clock_of(session: Session, change: CatalogueChange) -> CaseClock:
    """The limit of the update; a case has one."""
    return clocks.clocks_of(session, change.change_no)[0]


def _check_in_time(session: Session, change: CatalogueChange) -> None:
    due_on = clock_of(session, change).due_on
    if due_on is not None and today() > due_on:
        raise Conflict(
            _(
                "The limit ended on %(day)s; it can no longer be extended",
                day=due_on.isoformat(),
            )
        )


def _wrong_day(day: date) -> FieldError:
    if day > today():
        detail: Message = _("The change has not come into force yet")
    else:
        detail = _("The day lies before the order came into force")
    fix = _("Give the day on which it came into force, from 2025-08-01 up to today.")
    return FieldError("/on", "wrong_day", detail, fix)


def _too_many(cap: int) -> FieldError:
    detail = ngettext(
        "An extension has at most %(cap)s working day",
        "An extension has at most %(cap)s working days",
        cap,
        cap=cap,
    )
    return FieldError("/working_days", "too_long", detail, _("Ask for fewer days."))


_NO_REMARK: Final = FieldError(
    "/remark", "required", _("A refusal needs a reason"), _("Say why no more time is given.")
)
