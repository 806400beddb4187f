"""List templates as their pages and programs show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from sqlmodel import Session

from auth.departments import repository as departments
from auth.departments.views import Named, named
from auth.departments.words import Level
from auth.guard import is_allowed
from catalog.assignments.checks import Fault
from catalog.assignments.fields import FIELDS, LineField
from catalog.assignments.lifecycle.assignments import ASSIGN
from catalog.assignments.lifecycle.templates import CLOSE, EDIT, ISSUE, TEMPLATE
from catalog.assignments.models import Assignment, ListTemplate, TemplateLine
from catalog.assignments.repository import assignments as held
from catalog.assignments.repository import templates as repository
from catalog.assignments.schemas.templates import LineRead, TemplateRead, TemplateSummary
from catalog.assignments.words import LIVE, TemplateStatus
from catalog.elements import repository as elements
from policies.actions import Action
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, dues_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.downloads import FileKind, TitledColumn, table_file
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import PageRequest

LABELS: Final[Mapping[str, Message]] = {
    "title": _("Title"),
    "level": _("Level of the upper list"),
    "area_code": _("Area of the upper list"),
    "document": _("Document of the level above"),
    "document_no": _("Number of the document"),
    "deadline_on": _("Last day to claim"),
    "file": _("File with the lines"),
    "text": _("Lines, pasted"),
    "replace": _("The lines there are go"),
    "departments": _("Departments, by credit code"),
    "lines": _("Lines"),
}
#: Faults and lines that a page names; the counts are always exact.
NAMED: Final = 500


@dataclass(frozen=True, slots=True)
class TemplatesPage(Page):
    """The templates that the reader may see."""

    template = "assignments/templates.html"
    rows: Sequence[TemplateSummary]
    next_href: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class TemplatePage(Page):
    """One template with its lines, and what may be done with it."""

    template = "assignments/template.html"
    form: Form
    labels: Mapping[str, Message]
    shown: TemplateRead
    #: Whom each line went to: position → (number, department, state, tone).
    assigned: Mapping[int, Sequence[tuple[str, str, Message, str]]]
    fields: Sequence[LineField]
    faults: Sequence[Fault]
    fault_count: int
    may_edit: bool
    may_issue: bool
    may_assign: bool
    may_close: bool
    issue_effect: Message | None
    close_effect: Message | None
    due: Due | None
    done: Message | None


@dataclass(frozen=True, slots=True)
class TemplateFormPage(Page):
    """The form of a new template, or of the head of a draft."""

    template = "assignments/template_form.html"
    form: Form
    labels: Mapping[str, Message]
    shown: ListTemplate | None
    named: Named
    levels: Sequence[tuple[str, Message]]


def templates_page(
    session: Session, subject: Subject, wanted: PageRequest, *, may_write: bool
) -> TemplatesPage:
    rows, following = repository.page(session, subject, wanted)
    return TemplatesPage(
        rows=summaries(session, rows),
        next_href=wanted.href(following) if following else "",
        may_write=may_write,
    )


def template_page(
    session: Session,
    subject: Subject,
    template: ListTemplate,
    form: Form,
    done: str = "",
    faults: Sequence[Fault] = (),
) -> TemplatePage:
    may_write = is_allowed(subject, Action.TEMPLATE_WRITE, template)
    confirmed = TEMPLATE.done(done)
    if done == ASSIGN.word:
        confirmed = ASSIGN.done
    running = [
        each for each in clocks.clocks_of(session, template.template_no) if not each.closed_on
    ]
    return TemplatePage(
        form=form,
        labels=LABELS,
        shown=read_model(session, subject, template),
        assigned=_assigned(session, subject, template),
        fields=FIELDS,
        faults=faults[:NAMED],
        fault_count=len(faults),
        may_edit=may_write and template.status in EDIT.at,
        may_issue=may_write and template.status in ISSUE.at,
        may_assign=may_write and template.status is TemplateStatus.ISSUED,
        may_close=may_write and template.status in CLOSE.at,
        issue_effect=ISSUE.effect,
        close_effect=CLOSE.effect,
        due=next(iter(dues_of(session, running)), None) if may_write else None,
        done=confirmed.title if confirmed else None,
    )


def form_page(
    session: Session, form: Form, template: ListTemplate | None = None
) -> TemplateFormPage:
    return TemplateFormPage(
        form=form,
        labels=LABELS,
        shown=template,
        named=named(session),
        levels=[(each.value, each.label) for each in Level],
    )


def sheet_file(kind: FileKind) -> IO[bytes]:
    """An empty list with the heads of all columns."""
    columns = [TitledColumn(each.label, each.width) for each in FIELDS]
    return table_file(kind, _("List template"), columns, ())


def summaries(session: Session, rows: Sequence[ListTemplate]) -> list[TemplateSummary]:
    """Templates as lists show them."""
    ids = {row.id for row in rows}
    counts = repository.line_counts(session, ids)
    gaps: dict[Any, int] = {}
    for template, _line in repository.gaps(session, ids):
        gaps[template.id] = gaps.get(template.id, 0) + 1
    return [
        TemplateSummary(**_summary(row, counts.get(row.id, 0), gaps.get(row.id, 0))) for row in rows
    ]


def read_model(session: Session, subject: Subject, template: ListTemplate) -> TemplateRead:
    """A template with its lines, and the numbers of those assignments that ``subject`` may read."""
    lines = repository.lines_of(session, template.id)
    seen = held.seen_of_template(session, subject, template.id)
    shown = line_models(session, template, lines, seen)
    return TemplateRead(
        **_summary(template, len(lines), sum(each.is_gap for each in shown)),
        **template.model_dump(include={"written_at", "issued_at", "closed_at"}),
        lines=shown,
    )


def line_models(
    session: Session,
    template: ListTemplate,
    lines: Sequence[TemplateLine],
    seen: Sequence[Assignment],
) -> list[LineRead]:
    """Lines as they are read; ``seen``: the assignments that are named."""
    homes = {
        each.id: each
        for each in departments.of_ids(
            session, {row.department_id for row in lines if row.department_id}
        )
    }
    named = elements.identifiers_by_id(session, {row.element_id for row in lines if row.element_id})
    gaps = {line.id for _template, line in repository.gaps(session, {template.id})}
    return [
        LineRead(
            **row.model_dump(include=_PLAIN),
            kind_label=str(row.kind.label),
            element=named.get(row.element_id, "") if row.element_id else "",
            department=homes[row.department_id].name if row.department_id else "",
            department_code=homes[row.department_id].code if row.department_id else "",
            is_gap=row.id in gaps,
            assignments=[each.assignment_no for each in seen if each.line_id == row.id],
        )
        for row in lines
    ]


_PLAIN: Final = {
    *("position", "kind", "title", "definition", "upper_code"),
    *("items_text", "duty_no", "matter"),
}


def _summary(row: ListTemplate, line_count: int, gaps: int) -> dict[str, Any]:
    told = set(TemplateSummary.model_fields) - {"status_label", "line_count", "gaps"}
    return {
        **row.model_dump(include=told),
        "status_label": str(row.status.label),
        "line_count": line_count,
        "gaps": gaps,
    }


def _assigned(
    session: Session, subject: Subject, template: ListTemplate
) -> Mapping[int, Sequence[tuple[str, str, Message, str]]]:
    rows = held.seen_of_template(session, subject, template.id)
    names = departments.names(session, {row.department_id for row in rows})
    positions = {row.id: row.position for row in repository.lines_of(session, template.id)}
    found: dict[int, list[tuple[str, str, Message, str]]] = {}
    for row in rows:
        if row.status in LIVE or row.status.is_silent or row.answer is not None:
            told = (row.assignment_no, names[row.department_id], row.status.label, row.status.tone)
            found.setdefault(positions[row.line_id], []).append(told)
    return found
