"""Assignments as their pages and programs show them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final
from uuid import UUID

from sqlmodel import Session

from auth.cases import possible
from auth.departments import repository as departments
from auth.departments.views import Named
from auth.departments.views import named as named_here
from auth.duties import repository as duties
from auth.guard import Authorized
from catalog.assignments.lifecycle.assignments import (
    ACCEPT,
    ASSIGNMENT,
    BIND,
    CLAIM,
    DESCRIBE,
    REASSIGN,
    REFUSE,
    SETTLE_REST,
    TAKE_BACK,
)
from catalog.assignments.models import Assignment
from catalog.assignments.repository import assignments as repository
from catalog.assignments.repository import templates
from catalog.assignments.schemas.assignments import (
    AssignmentRead,
    AssignmentSummary,
    WantedAssignments,
    WayWrite,
)
from catalog.assignments.views.templates import line_models
from catalog.assignments.words import Answer, AssignmentStatus, Refusal
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from catalog.resources.words import ShareType
from catalog.systems import repository as systems
from catalog.systems.words import SystemStatus
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, dues_of
from shuqiao.i18n import Message, _, pgettext
from shuqiao.subject import Subject
from shuqiao.web.downloads import Cell, FileKind, TitledColumn, table_file
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

Rows = Sequence[tuple[Assignment, AssignmentStatus | str]]
LABELS: Final[Mapping[str, Message]] = {
    "answer": _("Answer"),
    "part": _("The part that is ours"),
    "rest": _("The part that is not"),
    "rest_department": _("Who has the rest (credit code)"),
    "refusal": _("Why it is not claimed"),
    "reason": _("In a sentence"),
    "belongs_to": _("Whose duty it is (credit code)"),
    "duplicate_of": _("Code of the entry there is"),
    "numbers": _("Assignments"),
    "department": _("Department (credit code)"),
    "duty_no": _("Duty"),
    "matter": _("Service matter"),
    "system_no": _("Information system"),
    "table_name": _("Name of the table"),
    "code": _("Resource code"),
    "class_code": _("Class code"),
    "share_type": _("Share type"),
}
_COLUMNS: Final[Sequence[TitledColumn]] = (
    TitledColumn(_("Number"), 18),
    TitledColumn(_("List template"), 30),
    TitledColumn(_("Line"), 8),
    TitledColumn(pgettext("template line", "Name"), 32),
    TitledColumn(_("Upper code"), 22),
    TitledColumn(_("Department"), 26),
    TitledColumn(_("Credit code"), 22),
    TitledColumn(_("State"), 22),
    TitledColumn(_("Answer"), 14),
    TitledColumn(_("Why it is not claimed"), 24),
    TitledColumn(_("The part that is ours"), 28),
    TitledColumn(_("The part that is not"), 28),
    TitledColumn(_("In a sentence"), 32),
    TitledColumn(_("Answered at"), 20),
    TitledColumn(_("Last day to claim"), 14),
    TitledColumn(_("Resource code"), 18),
)


@dataclass(frozen=True, slots=True)
class AssignmentsPage(Page):
    """The assignments that the reader may see, and the form that answers several at once."""

    template = "assignments/assignments.html"
    form: Form
    labels: Mapping[str, Message]
    rows: Sequence[AssignmentSummary]
    wanted: WantedAssignments
    statuses: Sequence[tuple[str, Message]]
    templates: Sequence[tuple[str, str]]
    answers: Sequence[tuple[str, Message]]
    refusals: Sequence[tuple[str, Message]]
    next_href: str
    may_answer: bool
    done: int


@dataclass(frozen=True, slots=True)
class AssignmentPage(Page):
    """One assignment: what is expected and answered, how far it is, what the reader may do."""

    template = "assignments/assignment.html"
    form: Form
    #: The way as it is kept, for the form that says it anew.
    filled: Form
    labels: Mapping[str, Message]
    shown: AssignmentRead
    stages: Sequence[tuple[Message, bool]]
    acts: frozenset[str]
    answers: Sequence[tuple[str, Message]]
    refusals: Sequence[tuple[str, Message]]
    duties: Sequence[tuple[str, str]]
    systems: Sequence[tuple[str, str]]
    share_types: Sequence[tuple[str, Message]]
    class_codes: Sequence[str]
    suggested: str
    named: Named
    due: Sequence[Due]
    done: Message | None


def assignments_page(
    session: Session,
    subject: Subject,
    wanted: PageRequest,
    like: WantedAssignments,
    form: Form,
    *,
    may_answer: bool,
    done: int = 0,
) -> AssignmentsPage:
    rows, following = repository.page(session, subject, wanted, like)
    return AssignmentsPage(
        form=form,
        labels=LABELS,
        rows=summaries(session, rows),
        wanted=like,
        statuses=[(each.value, each.label) for each in AssignmentStatus],
        templates=[(each.template_no, each.title) for each in templates.choices(session, subject)],
        answers=[(each.value, each.label) for each in (Answer.CLAIMED, Answer.REFUSED)],
        refusals=[(each.value, each.label) for each in Refusal],
        next_href=wanted.href(following) if following else "",
        may_answer=may_answer,
        done=done,
    )


def assignment_page(
    session: Session, found: Authorized[Assignment], form: Form, done: str = ""
) -> AssignmentPage:
    row, acts = found.object, possible(found.subject, found.object, ASSIGNMENT)
    confirmed, shown = ASSIGNMENT.done(done), read_model(session, row)
    running = [each for each in clocks.clocks_of(session, row.assignment_no) if not each.closed_on]
    named = (CLAIM, REFUSE, REASSIGN, ACCEPT, SETTLE_REST, TAKE_BACK, DESCRIBE, BIND)
    suggested = row.belongs_to_id or row.rest_department_id
    home = row.department_id
    return AssignmentPage(
        form=form,
        named=named_here(session),
        filled=Form.of(shown.model_dump(include=set(WayWrite.model_fields))),
        labels=LABELS,
        shown=shown,
        stages=_stages(shown),
        acts=frozenset(step.name for step in named if step in acts),
        answers=[(each.value, each.label) for each in Answer],
        refusals=[(each.value, each.label) for each in Refusal],
        duties=[
            (each.duty_no, f"{each.duty_no} {each.text}"[:100])
            for each in duties.of_department(session, home)
        ],
        systems=[
            (each.system_no, each.name)
            for each in systems.of_owner(session, home)
            if each.status is not SystemStatus.STOPPED
        ],
        share_types=[(each.value, each.label) for each in ShareType],
        class_codes=resources.class_codes(session, home),
        suggested=departments.names(session, {suggested})[suggested] if suggested else "",
        due=dues_of(session, running),
        done=confirmed.title if confirmed else None,
    )


def answers_file(
    session: Session, subject: Subject, like: WantedAssignments, kind: FileKind
) -> IO[bytes]:
    """The assignments that ``subject`` may read and that are like that, with their answers."""
    found = repository.everything(session, subject, like)
    return table_file(kind, _("Answers"), _COLUMNS, _cells(session, found))


def _cells(session: Session, found: Rows) -> Iterator[Sequence[Cell]]:
    rows = [row for row, _fact in found]
    for each, row in zip(summaries(session, found), rows, strict=True):
        yield (
            *(each.assignment_no, each.template, each.position, each.title, each.upper_code),
            *(each.department, each.department_code, each.status_label, each.answer_label),
            *(each.refusal_label, row.part, row.rest, row.reason),
            *(row.answered_at, each.due_on, each.entry),
        )


def summaries(session: Session, found: Rows) -> list[AssignmentSummary]:
    """Assignments as lists show them."""
    rows = [row for row, _fact in found]
    homes = {
        each.id: each for each in departments.of_ids(session, {row.department_id for row in rows})
    }
    lines = templates.lines_by_id(session, {row.line_id for row in rows})
    named = {each: templates.by_id(session, each) for each in {row.template_id for row in rows}}
    entries = repository.entries(session, {row.resource_id for row in rows if row.resource_id})
    return [
        AssignmentSummary(
            **row.model_dump(include=_PLAIN),
            template_no=named[row.template_id].template_no,
            template=named[row.template_id].title,
            position=lines[row.line_id].position,
            upper_code=lines[row.line_id].upper_code,
            department=homes[row.department_id].name,
            department_code=homes[row.department_id].code,
            status=AssignmentStatus(fact),
            status_label=str(AssignmentStatus(fact).label),
            is_partly=row.part != "",
            answer_label=str(row.answer.label) if row.answer else "",
            refusal_label=str(row.refusal.label) if row.refusal else "",
            entry=_code(entries, row),
        )
        for row, fact in found
    ]


def read_model(session: Session, row: Assignment) -> AssignmentRead:
    """An assignment with everything that is known of it."""
    (summary,) = summaries(session, [(row, repository.fact_of(session, row.id))])
    template = templates.by_id(session, row.template_id)
    line = templates.lines_by_id(session, {row.line_id})[row.line_id]
    pointed = {each for each in (row.rest_department_id, row.belongs_to_id) if each}
    codes = {
        each.id: f"{each.name}（{each.code}）" for each in departments.of_ids(session, pointed)
    }
    own = {each.id: each for each in duties.of_department(session, row.department_id)}
    named = systems.named(session, {row.system_id} if row.system_id else set())
    before = repository.by_id(session, row.previous_id) if row.previous_id else None
    return AssignmentRead(
        **dict(summary),
        **row.model_dump(include=_TOLD),
        rest_department=codes.get(row.rest_department_id, "") if row.rest_department_id else "",
        belongs_to=codes.get(row.belongs_to_id, "") if row.belongs_to_id else "",
        duty_no=own[row.duty_id].duty_no if row.duty_id in own else "",
        system_no=next((each.system_no for each in named.values()), ""),
        previous=before.assignment_no if before else "",
        following=[each.assignment_no for each in repository.following(session, {row.id})],
        line=line_models(session, template, [line], [row])[0],
    )


def _code(entries: Mapping[UUID, DataResource], row: Assignment) -> str:
    entry = entries.get(row.resource_id) if row.resource_id else None
    return entry.code if entry else ""


_PLAIN: Final = {"assignment_no", "title", "due_on", "answer", "refusal", "version"}
_TOLD: Final = {
    *("part", "rest", "reason", "duplicate_of", "answered_at"),
    *("matter", "table_name", "made_at"),
}


def _stages(shown: AssignmentRead) -> Sequence[tuple[Message, bool]]:
    """The way from the duty to the data, and what of it there is."""
    order = [AssignmentStatus.REGISTERED, AssignmentStatus.PUBLISHED, AssignmentStatus.WITH_DATA]
    reached = order.index(shown.status) + 1 if shown.status in order else 0
    return (
        (_("Duty"), shown.duty_no != ""),
        (_("Service matter"), shown.matter != ""),
        (_("Information system"), shown.system_no != ""),
        (_("Table"), shown.table_name != ""),
        (_("Entry registered"), reached > 0),
        (_("Entry published"), reached > 1),
        (_("Data attached"), reached > 2),
    )
