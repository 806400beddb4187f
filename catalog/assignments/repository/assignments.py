"""Every SQL statement about assignments."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, literal, or_
from sqlmodel import Session, col, select

from auth.areas.models import Area
from auth.areas.repository import within
from auth.departments.models import Department
from auth.visibility import Columns, visible
from catalog.assignments.models import Assignment, ListTemplate, TemplateLine
from catalog.assignments.schemas.assignments import WantedAssignments
from catalog.assignments.words import LIVE, STAGES, AssignmentStatus
from catalog.editions.models import Edition
from catalog.editions.words import EditionStatus
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from policies.actions import Action
from shuqiao.db import column
from shuqiao.desk.models import CaseClock
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Where the attributes that rules read stand in the row.
FACTS: Final[Columns] = {"department": column(Assignment.department_id)}
_S: Final = AssignmentStatus
_HAS_DATA: Final = (
    select(Edition.id)
    .where(Edition.resource_id == DataResource.id, Edition.status == EditionStatus.CURRENT)
    .correlate(DataResource)
    .exists()
)
#: Where the catalogue has brought what is claimed; of everything else where it stands.
brought: ColumnElement[Any] = case(
    (col(Assignment.status).not_in(STAGES), column(Assignment.status)),
    (
        or_(col(DataResource.id).is_(None), col(DataResource.status) == ResourceStatus.TAKEN_DOWN),
        literal(_S.CLAIMED.value),
    ),
    (col(DataResource.published_version) == 0, literal(_S.REGISTERED.value)),
    (_HAS_DATA, literal(_S.WITH_DATA.value)),
    else_=literal(_S.PUBLISHED.value),
)


def by_no(session: Session, no: str, *, lock: bool = False) -> Assignment | None:
    query = select(Assignment).where(Assignment.assignment_no == no.strip().upper())
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def by_id(session: Session, assignment_id: UUID) -> Assignment:
    """The assignment with this id; it exists, foreign keys see to that."""
    return session.get_one(Assignment, assignment_id)


def of_numbers(
    session: Session, numbers: Collection[str], department_id: UUID | None
) -> Mapping[str, Assignment]:
    """Assignments of a department by number, locked in one order."""
    query = (
        select(Assignment)
        .where(
            col(Assignment.assignment_no).in_([each.upper() for each in numbers]),
            Assignment.department_id == department_id,
        )
        .order_by(col(Assignment.assignment_no))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {each.assignment_no: each for each in session.exec(query)}


def page(
    session: Session, subject: Subject, wanted: PageRequest, like: WantedAssignments
) -> tuple[Sequence[tuple[Assignment, str]], str | None]:
    """One page of the assignments that ``subject`` may read and that are like that, with where the
    catalogue has brought them; the newest first.
    """
    query = _with_fact().where(visible(Action.ASSIGNMENT_READ, subject, FACTS), *_like(like))
    rows = session.exec(
        wanted.keyset(query, column(Assignment.assignment_no), descending=True)
    ).all()
    return wanted.cut(rows, lambda row: (row[0].assignment_no,))


def everything(
    session: Session, subject: Subject, like: WantedAssignments
) -> Sequence[tuple[Assignment, str]]:
    """All of them, in the order of template and line."""
    query = _with_fact().where(visible(Action.ASSIGNMENT_READ, subject, FACTS), *_like(like))
    query = query.join(TemplateLine, col(TemplateLine.id) == Assignment.line_id)
    order = (col(Assignment.template_id), col(TemplateLine.position), col(Assignment.id))
    rows: Sequence[tuple[Assignment, str]] = session.exec(query.order_by(*order)).all()
    return rows


def fact_of(session: Session, assignment_id: UUID) -> AssignmentStatus:
    """Where the catalogue has brought one."""
    found = session.exec(_with_fact().where(Assignment.id == assignment_id)).one()
    return AssignmentStatus(found[1])


def behind(session: Session, limit: int) -> Sequence[tuple[Assignment, str]]:
    """Those that the catalogue has brought elsewhere than their state says, locked; what another
    sweeper holds is passed over.
    """
    query = _with_fact().where(column(Assignment.status) != brought).limit(limit)
    query = query.with_for_update(of=Assignment, skip_locked=True)
    rows: Sequence[tuple[Assignment, str]] = session.exec(query).all()
    return rows


def overdue(session: Session, on: date, limit: int) -> Sequence[Assignment]:
    """Those that should have been answered before ``on``, locked."""
    query = select(Assignment).where(Assignment.status == _S.OPEN, col(Assignment.due_on) < on)
    return session.exec(query.limit(limit).with_for_update(skip_locked=True)).all()


def of_template(session: Session, template_id: UUID, *, lock: bool = False) -> Sequence[Assignment]:
    """All assignments of a template, in their order."""
    query = select(Assignment).where(Assignment.template_id == template_id)
    query = query.order_by(col(Assignment.assignment_no))
    return session.exec(query.with_for_update() if lock else query).all()


def seen_of_template(session: Session, subject: Subject, template_id: UUID) -> Sequence[Assignment]:
    """Those that ``subject`` may read."""
    query = select(Assignment).where(
        Assignment.template_id == template_id, visible(Action.ASSIGNMENT_READ, subject, FACTS)
    )
    return session.exec(query.order_by(col(Assignment.assignment_no))).all()


def following(session: Session, ids: Collection[UUID]) -> Sequence[Assignment]:
    """Those made in the place, or for the rest, of these."""
    query = select(Assignment).where(col(Assignment.previous_id).in_(ids))
    return session.exec(query.order_by(col(Assignment.assignment_no))).all()


def live_of_line(session: Session, line_id: UUID) -> Sequence[Assignment]:
    """Those of a line that are under way."""
    query = select(Assignment).where(
        Assignment.line_id == line_id, col(Assignment.status).in_(LIVE)
    )
    return session.exec(query.order_by(col(Assignment.assignment_no))).all()


def held_by(session: Session, department_id: UUID) -> Sequence[Assignment]:
    """Those of a department that are under way, by number."""
    query = select(Assignment).where(
        Assignment.department_id == department_id, col(Assignment.status).in_(LIVE)
    )
    return session.exec(query.order_by(col(Assignment.assignment_no))).all()


def upper_code_of(session: Session, entry_id: UUID) -> str:
    """The upper code of the line that an entry fills; empty for none."""
    query = (
        select(TemplateLine.upper_code)
        .join(Assignment, col(Assignment.line_id) == TemplateLine.id)
        .where(Assignment.resource_id == entry_id, TemplateLine.upper_code != "")
        .order_by(col(Assignment.assignment_no))
    )
    return session.exec(query.limit(1)).first() or ""


def entries(session: Session, ids: Collection[UUID]) -> Mapping[UUID, DataResource]:
    """Entries by id, those that are there."""
    query = select(DataResource).where(col(DataResource.id).in_(ids))
    return {each.id: each for each in session.exec(query)}


def late_counts(session: Session, numbers: Collection[str], on: date) -> Mapping[str, int]:
    """Which of these cases have a limit that ended before ``on``, each once."""
    query = select(CaseClock.case_no, func.count()).where(
        col(CaseClock.case_no).in_(numbers),
        col(CaseClock.closed_on).is_(None),
        col(CaseClock.due_on) < on,
        CaseClock.kind != "claim_settling",
    )
    return dict(session.exec(query.group_by(col(CaseClock.case_no))).all())


def _with_fact() -> Any:
    return select(Assignment, brought).outerjoin(
        DataResource, col(DataResource.id) == Assignment.resource_id
    )


def _like(like: WantedAssignments) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    for word in like.q.split()[:5]:
        coded = select(TemplateLine.id).where(
            col(TemplateLine.upper_code).istartswith(word, autoescape=True)
        )
        clauses.append(
            or_(
                col(Assignment.title).icontains(word, autoescape=True),
                col(Assignment.assignment_no).istartswith(word, autoescape=True),
                col(Assignment.line_id).in_(coded),
            )
        )
    if like.template:
        named = select(ListTemplate.id).where(ListTemplate.template_no == like.template.upper())
        clauses.append(col(Assignment.template_id).in_(named))
    if like.status is not None:
        clauses.append(brought == like.status.value)
    homes = _homes(like)
    if homes:
        clauses.append(col(Assignment.department_id).in_(select(Department.id).where(and_(*homes))))
    return clauses


def _homes(like: WantedAssignments) -> list[ColumnElement[bool]]:
    """What the departments are like."""
    found: list[ColumnElement[bool]] = []
    if like.department:
        found.append(col(Department.code) == like.department)
    if like.area:
        found.append(col(Department.area_code).in_(select(Area.code).where(within(like.area))))
    if like.level is not None:
        found.append(col(Department.level) == like.level)
    return found
