"""What is shown of causes: whom one would reach, the forms that record one, and a recorded one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.departments import repository as departments
from auth.departments.views import Named, named
from auth.guard import Authorized
from auth.roles import Role
from catalog.updates.lifecycle import OPENS
from catalog.updates.models import UpdateCause
from catalog.updates.repository import owed as repository
from catalog.updates.repository import reach
from catalog.updates.repository.reach import Wanted
from catalog.updates.schemas import CauseRead, Reached, ReachedEntry
from catalog.updates.views.changes import LABELS, TONES, read_model
from catalog.updates.words import BY_HAND, UpdateStatus
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

CAUSE_LABELS: Final[Mapping[str, Message]] = {
    **LABELS,
    "codes": _("Entries that it concerns"),
    "data.0.name": _("What the data is called"),
    "data.0.department": _("Code of the department"),
    "data.0.system": _("Number of the system"),
}


@dataclass(frozen=True, slots=True)
class RecordPage(Page):
    """Look for the entries that a cause concerns, see them, and record it for those ticked."""

    template = "updates/record.html"
    form: Form
    search: Form
    labels: Mapping[str, Message]
    found: Reached | None
    options: Sequence[tuple[str, str, str]]
    kinds: Sequence[tuple[str, Message]]


@dataclass(frozen=True, slots=True)
class NewDataPage(Page):
    """The form that declares new data without an entry."""

    template = "updates/new_data.html"
    form: Form
    labels: Mapping[str, Message]
    named: Named
    is_administration: bool


@dataclass(frozen=True, slots=True)
class CausePage(Page):
    """A recorded cause, and the state of everything that it opened."""

    template = "updates/cause.html"
    cause: CauseRead
    meets: Message
    tones: Mapping[UpdateStatus, str]
    is_done: bool


def record_page(
    session: Session, subject: Subject, form: Form, wanted: Wanted | None = None
) -> RecordPage:
    """The page; a refused form shows the entries that it named again."""
    wanted = wanted or Wanted(codes=form.all("codes"))
    found = preview(session, subject, wanted) if wanted else None
    shown = found.items if found else []
    if not form.values and shown:
        form = Form.of({"codes": [each.code for each in shown if not each.owed]})
    told = {
        "basis": wanted.basis,
        "duty": wanted.duty,
        "element": wanted.element,
        "department": wanted.department,
        "codes": "\n".join(wanted.codes),
    }
    return RecordPage(
        form=form.gathered("codes"),
        search=Form.of(told),
        labels=CAUSE_LABELS,
        found=found,
        options=[(each.code, f"{each.title}（{each.code}）", _note(each)) for each in shown],
        kinds=[(each.value, each.label) for each in BY_HAND],
    )


def new_data_page(session: Session, subject: Subject, form: Form) -> NewDataPage:
    return NewDataPage(
        form=form,
        labels=CAUSE_LABELS,
        named=named(session),
        is_administration=subject.has(Role.DATA_ADMIN),
    )


def prefilled(session: Session, system_no: str) -> Form:
    """The form for data of this system, and of the department that has it."""
    if not system_no:
        return Form()
    told = {"data.0.system": system_no}
    system = repository.systems(session, {system_no}).get(system_no)
    if system is not None:
        told["data.0.department"] = departments.by_id(session, system.owner_id).code
    return Form.of(told)


def cause_page(session: Session, found: Authorized[UpdateCause], done: str = "") -> CausePage:
    cause = found.object
    return CausePage(
        cause=cause_read(session, cause),
        meets=OPENS[cause.kind].meets,
        tones=TONES,
        is_done=done == "recorded",
    )


def preview(session: Session, subject: Subject, wanted: Wanted) -> Reached:
    """Whom a cause would reach, with what they owe already."""
    rows = reach.reached(session, subject, wanted)
    shown = rows[: reach.LIMIT]
    names = departments.names(session, {row.provider_id for row in shown})
    owed = repository.owed_by_code(session, [row.code for row in shown])
    items = [
        ReachedEntry(
            code=row.code,
            title=row.title,
            department=names[row.provider_id],
            owed=owed.get(row.code, []),
        )
        for row in shown
    ]
    return Reached(items=items, has_more=len(rows) > len(shown))


def cause_read(session: Session, cause: UpdateCause) -> CauseRead:
    """A cause as programs read it."""
    return CauseRead(
        **cause.model_dump(include=set(CauseRead.model_fields)),
        kind_label=str(cause.kind.label),
        about=f"{cause.about_type} {cause.about_no}".strip(),
        recorder=_recorder(session, cause),
        changes=[read_model(session, each) for each in repository.of_cause(session, cause.id)],
    )


def _recorder(session: Session, cause: UpdateCause) -> str:
    if cause.recorder_id is None:
        return str(_("The platform"))
    return accounts.user_names(session, {cause.recorder_id}).get(cause.recorder_id, "")


def _note(entry: ReachedEntry) -> str:
    owed = _("Owed already: %(numbers)s", numbers=" ".join(entry.owed)) if entry.owed else ""
    return f"{entry.department} {owed}".strip()
