"""What is owed for an entry: more time, the entry that registers new data, and its end."""

from typing import Final

from sqlmodel import Session

from auth.cases import check, take
from auth.guard import is_allowed
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from catalog.updates import lifecycle
from catalog.updates.lifecycle import OPENS
from catalog.updates.models import CatalogueChange
from catalog.updates.repository import owed as repository
from catalog.updates.schemas import Dismissal, EntryNaming, ExtensionAsk, ExtensionDecision
from catalog.updates.words import ChangeKind, ExtensionOutcome
from policies.actions import Action
from policies.clocks import Clock
from policies.deadlines import deadlines
from shuqiao.clock import now, today
from shuqiao.desk import clocks
from shuqiao.desk.models import CaseClock
from shuqiao.errors import Conflict, FieldError, Invalid
from shuqiao.i18n import _, ngettext
from shuqiao.subject import Subject


def ask_extension(
    session: Session, subject: Subject, change: CatalogueChange, body: ExtensionAsk
) -> CatalogueChange:
    """Ask the data administration for more time. Raises ``Invalid`` beyond the cap, ``Conflict``
    once the limit is over, or when there was an extension already.
    """
    check(change, lifecycle.ASK_EXTENSION)
    cap = extension_cap(change)
    if not cap:
        raise Conflict(_("Only a limit of law can be extended; this one the platform has set"))
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
        cap_days=extension_cap(change),
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
        _meet(session, subject, change, resource)


def _meet(
    session: Session, subject: Subject, change: CatalogueChange, resource: DataResource
) -> None:
    why = {"published_version": resource.published_version, "entry": resource.status}
    take(session, subject, change, lifecycle.MEET, why=why)


def name_entry(
    session: Session, subject: Subject, change: CatalogueChange, body: EntryNaming
) -> CatalogueChange:
    """Say which entry registers new data; its publication ends the limit. One that was published
    since the data was recorded ends it at once.

    Raises ``Conflict`` for an update of an entry, ``Invalid`` for an entry that cannot register it.
    """
    check(change, lifecycle.NAME_ENTRY)
    if change.kind is not ChangeKind.NEW_DATA:
        raise Conflict(_("The entry is known; only for new data it is named"))
    entry = resources.by_code(session, body.resource_code, lock=True)
    if entry is None or not is_allowed(subject, Action.RESOURCE_READ, entry):
        raise Invalid(errors=[_UNKNOWN_ENTRY])
    if entry.provider_id != change.provider_id or entry.status is ResourceStatus.TAKEN_DOWN:
        raise Invalid(errors=[_OTHER_ENTRY])
    change.resource_code = entry.code
    take(session, subject, change, lifecycle.NAME_ENTRY, why={"resource": entry.code})
    if entry.published_at is not None and entry.published_at > change.created_at:
        _meet(session, subject, change, entry)
    return change


def dismiss(
    session: Session, subject: Subject, change: CatalogueChange, body: Dismissal
) -> CatalogueChange:
    """The data administration decides that no update is needed, with reasons."""
    check(change, lifecycle.DISMISS)
    change.dismissed_for = body.reason
    said: dict[str, object] = {"reason": body.reason}
    why = said | _sign(subject, change)
    take(session, subject, change, lifecycle.DISMISS, why=why, words=said)
    return change


def extension_cap(change: CatalogueChange) -> int:
    """Working days by which the limit can be extended: none of what the platform has set itself."""
    clock = OPENS[change.kind].clock
    return deadlines()[clock or Clock.CATALOGUE_UPDATE].extension_working_days


def clock_of(session: Session, change: CatalogueChange) -> CaseClock:
    """The limit of the update; a case has one."""
    return repository.clock_of(session, change.change_no)


def _check_in_time(session: Session, change: CatalogueChange) -> None:
    due_on = clock_of(session, change).due_on
    if due_on is not None and today() > due_on:
        raise Conflict(
            _(
                "The limit ended on %(day)s; it can no longer be extended",
                day=due_on.isoformat(),
            )
        )


def _too_many(cap: int) -> FieldError:
    detail = ngettext(
        "An extension has at most %(cap)s working day",
        "An extension has at most %(cap)s working days",
        cap,
        cap=cap,
    )
    return FieldError("/working_days", "too_long", detail, _("Ask for fewer days."))


_UNKNOWN_ENTRY: Final = FieldError(
    "/resource_code",
    "unknown",
    _("There is no entry with this code"),
    _("Correct the code, or register the entry first."),
)
_OTHER_ENTRY: Final = FieldError(
    "/resource_code",
    "not_possible",
    _("This entry cannot register the data"),
    _("Name an entry of the department that was not taken down."),
)
_NO_REMARK: Final = FieldError(
    "/remark", "required", _("A refusal needs a reason"), _("Say why no more time is given.")
)
