"""One registration: its task list, and the check of all answers before it is submitted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.cases import possible
from auth.guard import Authorized
from auth.steps import Done, Step
from catalog.attachments import repository as attachments
from catalog.attachments.models import Attachment
from catalog.duplicates.views.elsewhere import Elsewhere, elsewhere
from catalog.duplicates.views.proposals import ProposalsPanel, panel
from catalog.editions.service import editions
from catalog.registration.service import alike_received
from catalog.registration.views.entries import answers, returned
from catalog.registration.views.progress import Progress, progress_of
from catalog.registration.views.returns import Returned
from catalog.registration.views.sections import changed_since
from catalog.registration.views.similar import similar
from catalog.registration.words import FIELDS, LABELS, SECTION_OF, Section, Stage
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.lifecycle import (
    CHANGE,
    CHOOSE_CLASS,
    DISCARD,
    LIFECYCLE,
    RECALL,
    REGISTER,
    SUBMIT,
    State,
)
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead, ResourceSummary
from catalog.resources.views import TONES, Course, course, due, is_editable, turn
from shuqiao.desk.due import Due
from shuqiao.i18n import Message, _
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

#: What a step just taken is confirmed with, by the ``done`` of the
#: address; a section's own name says it was saved.
#: Steps that the task list leads to; each has a page that asks first.
_ASKED_FIRST: Final = (CHANGE, RECALL, DISCARD)
_DONE: Final = {"discarded": _("The draft is discarded")}


@dataclass(frozen=True, slots=True)
class TasksPage(Page):
    """``changed``: sections that differ from what was returned. ``submitted``: it was just now."""

    template = "registration/tasks.html"
    resource: DataResource
    entry: ResourceRead
    address: str
    tone: str
    is_editable: bool
    progress: Progress
    returned: Returned | None
    changed: Collection[Section]
    done: Message | None
    submitted: Done | None
    similar: Sequence[ResourceSummary]
    turn: Message | None
    due: Due | None
    course: Course
    steps: Sequence[Step[State]]


def tasks_page(session: Session, found: Authorized[DataResource], done: str) -> TasksPage:
    """The task list; once the entry is submitted, where it stands. ``done``: what was just done."""
    resource, subject = found.object, found.subject
    entry, may_edit = registering.read(session, resource), is_editable(resource)
    files = attachments.attachments_of(session, resource.id)
    back = returned(session, resource)
    namesakes = similar(session, subject, resource.title, but=resource.code) if may_edit else ()
    return TasksPage(
        resource=resource,
        entry=entry,
        address=registering.edit_href(resource),
        course=course(session, found.subject, resource),
        turn=turn(resource),
        due=due(session, resource),
        tone=TONES[resource.status],
        is_editable=may_edit,
        progress=progress_of(session, subject, resource, entry),
        returned=back,
        changed=changed_since(entry, files, back.entry, back.at) if back and back.entry else (),
        done=_done(done),
        submitted=SUBMIT.done if done == SUBMIT.word else None,
        similar=namesakes,
        steps=[step for step in possible(subject, resource, LIFECYCLE) if step in _ASKED_FIRST],
    )


@dataclass(frozen=True, slots=True)
class CheckPage(Page):
    """``answers``: by section. ``is_drafted``: sections with a draft that would not go along."""

    template = "registration/check.html"
    form: Form
    section: Section
    resource: DataResource
    entry: ResourceRead
    address: str
    progress: Progress
    field_labels: Mapping[str, Message]
    section_of: Mapping[str, Section]
    answers: Mapping[Section, Sequence[Mapping[str, Any]]]
    files: Sequence[Attachment]
    goes_on: Attachment | None
    step: Step[State]
    is_drafted: Sequence[Section]
    course: Course
    proposals: ProposalsPanel | None
    elsewhere: Sequence[Elsewhere]
    #: What its values have in common with what was delivered to the department.
    received: Sequence[Message]


def goes_on(
    session: Session, resource: DataResource, files: Sequence[Attachment]
) -> Attachment | None:
    """The data of its entry that a working copy keeps; None for one with ``files`` of its own."""
    if resource.copy_of is None or files:
        return None
    return editions.coming(session, [resource]).get(resource.id)


def check_page(session: Session, found: Authorized[DataResource], form: Form) -> CheckPage:
    """Every answer with the way to change it, and all that is missing."""
    resource = found.object
    files = attachments.attachments_of(session, resource.id)
    entry, address = registering.read(session, resource), registering.edit_href(resource)
    progress = progress_of(session, found.subject, resource, entry)
    return CheckPage(
        form=form,
        section=Section.CHECK,
        resource=resource,
        entry=entry,
        address=address,
        progress=progress,
        field_labels=LABELS,
        section_of=SECTION_OF,
        answers={
            section: answers(entry, section, address)
            for section in FIELDS
            if section is not Section.ITEMS
        },
        files=files,
        goes_on=goes_on(session, resource, files),
        step=SUBMIT,
        is_drafted=[state.section for state in progress.states if state.stage is Stage.DRAFT],
        course=course(session, found.subject, resource),
        proposals=panel(session, resource, Section.CHECK.value),
        elsewhere=elsewhere(session, found.subject, resource),
        received=alike_received(session, resource, entry),
    )


@dataclass(frozen=True, slots=True)
class ClassPage(Page):
    """``class_codes``: those that the department uses."""

    template = "registration/class.html"
    form: Form
    resource: DataResource
    address: str
    labels: Mapping[str, Message]
    class_codes: Sequence[str]
    step: Step[State]


def class_page(session: Session, found: Authorized[DataResource], form: Form) -> ClassPage:
    resource = found.object
    return ClassPage(
        form=form,
        resource=resource,
        address=registering.edit_href(resource),
        labels=LABELS,
        class_codes=resources.class_codes(session, resource.provider_id),
        step=CHOOSE_CLASS,
    )


def _done(word: str) -> Message | None:
    if word in FIELDS:
        return _("“%(section)s” is saved", section=Section(word).label)
    told = (step.word for step in (REGISTER, CHOOSE_CLASS, CHANGE, RECALL))
    said = LIFECYCLE.done(word) if word in told else None
    return said.title if said else _DONE.get(word)
