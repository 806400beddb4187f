"""What is shown of changes of law or duties: on the entry, on a page of their own, to programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.cases import possible
from auth.departments.service import is_by_reference
from auth.guard import Authorized, is_allowed
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from catalog.updates import service
from catalog.updates.lifecycle import ASK_EXTENSION, DISMISS, EXTEND, LIFECYCLE, NAME_ENTRY, OPENS
from catalog.updates.models import CatalogueChange
from catalog.updates.repository import owed as repository
from catalog.updates.schemas import ChangeRead
from catalog.updates.words import BY_HAND, OVER, ChangeKind, ExtensionOutcome, UpdateStatus
from policies.actions import Action
from policies.clocks import Clock
from policies.deadlines import deadlines
from shuqiao.desk.due import Due, due_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

LABELS: Final[Mapping[str, Message]] = {
    "on": _("Day from which it holds"),
    "kind": _("What changed"),
    "basis": _("Name, number and article"),
    "working_days": _("Working days"),
    "reason": _("Reason"),
    "outcome": _("Decision"),
    "remark": _("Remark"),
    "resource_code": _("Resource code"),
}
TONES: Final[Mapping[UpdateStatus, str]] = {
    UpdateStatus.DUE: "warning",
    UpdateStatus.EXTENSION_ASKED: "warning",
    UpdateStatus.EXTENDED: "warning",
    UpdateStatus.MET: "success",
    UpdateStatus.DISMISSED: "neutral",
}


@dataclass(frozen=True, slots=True)
class ChangesPage(Page):
    """The changes that concern one entry, and the form that records one."""

    template = "updates/changes.html"
    form: Form
    labels: Mapping[str, Message]
    resource: DataResource
    changes: Sequence[CatalogueChange]
    kinds: Sequence[tuple[str, Message]]
    tones: Mapping[UpdateStatus, str]
    days: int


@dataclass(frozen=True, slots=True)
class ChangePage(Page):
    """One change: its limit, and what the reader may do about it."""

    template = "updates/change.html"
    form: Form
    labels: Mapping[str, Message]
    change: CatalogueChange
    url_code: str
    due: Due
    tones: Mapping[UpdateStatus, str]
    outcomes: Sequence[tuple[str, Message]]
    cap: int
    may_ask: bool
    may_name: bool
    may_dismiss: bool
    cause_no: str
    may_see_cause: bool
    task: Message
    meets: Message
    is_over: bool
    may_decide: bool
    done: Message | None


def changes_page(session: Session, found: Authorized[DataResource], form: Form) -> ChangesPage:
    return ChangesPage(
        form=form,
        labels=LABELS,
        resource=found.object,
        changes=repository.of_entry(session, found.object.code),
        kinds=[(each.value, each.label) for each in BY_HAND],
        tones=TONES,
        days=deadlines()[Clock.CATALOGUE_UPDATE].working_days,
    )


def change_page(
    session: Session, found: Authorized[CatalogueChange], form: Form, done: str = ""
) -> ChangePage:
    change, acts = found.object, possible(found.subject, found.object, LIFECYCLE)
    confirmed = LIFECYCLE.done(done, change.status)
    cause = repository.cause_by_id(session, change.cause_id)
    return ChangePage(
        form=form,
        labels=LABELS,
        change=change,
        url_code=change.resource_code.replace("/", "-"),
        due=due_of(
            session,
            service.clock_of(session, change),
            is_reference=is_by_reference(session, change.provider_id),
        ),
        tones=TONES,
        outcomes=[(each.value, each.label) for each in ExtensionOutcome],
        cap=service.extension_cap(change),
        may_ask=ASK_EXTENSION in acts and service.extension_cap(change) > 0,
        may_decide=EXTEND in acts,
        may_name=NAME_ENTRY in acts and change.kind is ChangeKind.NEW_DATA,
        may_dismiss=DISMISS in acts,
        cause_no=cause.cause_no,
        may_see_cause=is_allowed(found.subject, Action.CAUSE_READ, cause),
        task=OPENS[change.kind].task,
        meets=OPENS[change.kind].meets,
        is_over=change.status in OVER,
        done=confirmed.title if confirmed else None,
    )


def panel(session: Session, subject: Subject, resource: DataResource) -> Mapping[str, Any] | None:
    """On the page of an entry: what is owed, and the way to record a change."""
    owed = [
        (
            change,
            due_of(
                session,
                service.clock_of(session, change),
                is_reference=is_by_reference(session, resource.provider_id),
            ),
        )
        for change in repository.owed_for(session, resource.code)
        if is_allowed(subject, Action.UPDATE_READ, change)
    ]
    is_published = resource.status is ResourceStatus.PUBLISHED
    may_record = is_published and is_allowed(subject, Action.UPDATE_RECORD, resource)
    if not owed and not may_record:
        return None
    return {"owed": owed, "may_record": may_record, "url_code": resource.url_code}


def read_model(session: Session, change: CatalogueChange) -> ChangeRead:
    """A change as programs read it."""
    clock = service.clock_of(session, change)
    return ChangeRead(
        **change.model_dump(include=set(ChangeRead.model_fields)),
        kind_label=str(change.kind.label),
        status_label=str(change.status.label),
        cause_no=repository.cause_by_id(session, change.cause_id).cause_no,
        limit_basis=clock.basis,
        limit_days=clock.limit_days + clock.extended_days,
        due_on=clock.due_on,
        closed_on=clock.closed_on,
    )
