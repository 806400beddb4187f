"""Every SQL statement about list templates and their lines."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from auth.departments.models import Department
from auth.duties.models import Duty
from auth.visibility import Columns, visible
from catalog.assignments.models import Assignment, ListTemplate, TemplateLine
from catalog.assignments.words import LIVE, TemplateStatus
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Where the attributes that rules read stand in the row.
FACTS: Final[Columns] = {"status": column(ListTemplate.status)}


def by_no(session: Session, no: str, *, lock: bool = False) -> ListTemplate | None:
    query = select(ListTemplate).where(ListTemplate.template_no == no.strip().upper())
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def by_id(session: Session, template_id: UUID) -> ListTemplate:
    """The template with this id; it exists, foreign keys see to that."""
    return session.get_one(ListTemplate, template_id)


def page(
    session: Session, subject: Subject, wanted: PageRequest
) -> tuple[Sequence[ListTemplate], str | None]:
    """One page of the templates that ``subject`` may read, the newest first."""
    query = select(ListTemplate).where(visible(Action.TEMPLATE_READ, subject, FACTS))
    rows = session.exec(
        wanted.keyset(query, column(ListTemplate.template_no), descending=True)
    ).all()
    return wanted.cut(rows, lambda row: (row.template_no,))


def choices(session: Session, subject: Subject) -> Sequence[ListTemplate]:
    """The templates that were issued and ``subject`` may read, the newest first."""
    query = select(ListTemplate).where(
        visible(Action.TEMPLATE_READ, subject, FACTS),
        ListTemplate.status != TemplateStatus.DRAFT,
    )
    return session.exec(query.order_by(col(ListTemplate.template_no).desc()).limit(100)).all()


def lines_of(session: Session, template_id: UUID) -> Sequence[TemplateLine]:
    """The lines of a template, in their order."""
    query = select(TemplateLine).where(TemplateLine.template_id == template_id)
    return session.exec(query.order_by(col(TemplateLine.position))).all()


def line(session: Session, template_id: UUID, position: int) -> TemplateLine | None:
    query = select(TemplateLine).where(
        TemplateLine.template_id == template_id, TemplateLine.position == position
    )
    return session.exec(query).first()


def lines_by_id(session: Session, ids: Collection[UUID]) -> Mapping[UUID, TemplateLine]:
    query = select(TemplateLine).where(col(TemplateLine.id).in_(ids))
    return {each.id: each for each in session.exec(query)}


def clear_lines(session: Session, template_id: UUID) -> None:
    """Remove the lines of a draft."""
    session.exec(delete(TemplateLine).where(col(TemplateLine.template_id) == template_id))


def line_counts(session: Session, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many lines templates have, by id."""
    query = select(TemplateLine.template_id, func.count()).where(
        col(TemplateLine.template_id).in_(ids)
    )
    return dict(session.exec(query.group_by(col(TemplateLine.template_id))).all())


def gaps(
    session: Session, templates: Collection[UUID]
) -> Sequence[tuple[ListTemplate, TemplateLine]]:
    """The lines of these issued templates that nobody holds and nobody is asked for."""
    live = (
        select(Assignment.id)
        .where(Assignment.line_id == TemplateLine.id, col(Assignment.status).in_(LIVE))
        .correlate(TemplateLine)
        .exists()
    )
    query = (
        select(ListTemplate, TemplateLine)
        .join(TemplateLine, col(TemplateLine.template_id) == ListTemplate.id)
        .where(
            col(ListTemplate.id).in_(templates), ListTemplate.status != TemplateStatus.DRAFT, ~live
        )
        .order_by(col(ListTemplate.template_no), col(TemplateLine.position))
    )
    return session.exec(query).all()


def duty_departments(session: Session, numbers: Collection[str]) -> Mapping[str, UUID]:
    """The departments that have these duties, by the number of the duty."""
    query = select(Duty.duty_no, Duty.department_id).where(
        col(Duty.duty_no).in_(numbers), col(Duty.valid_until).is_(None)
    )
    return dict(session.exec(query).all())


def departments_named(session: Session, names: Collection[str]) -> Mapping[str, Department]:
    """Departments by credit code and by name."""
    query = select(Department).where(
        or_(col(Department.code).in_(names), col(Department.name).in_(names))
    )
    found = session.exec(query).all()
    return {each.name: each for each in found} | {each.code: each for each in found}


def suggested_drafts(session: Session, department_id: UUID) -> Sequence[ListTemplate]:
    """The drafts of templates with a line that suggests the department."""
    query = (
        select(ListTemplate)
        .join(TemplateLine, col(TemplateLine.template_id) == ListTemplate.id)
        .where(
            TemplateLine.department_id == department_id,
            ListTemplate.status == TemplateStatus.DRAFT,
        )
        .distinct()
        .order_by(col(ListTemplate.template_no))
    )
    return session.exec(query).all()
