"""Every SQL statement about departments."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, text
from sqlmodel import Session, col, select

from auth.areas.models import Area
from auth.areas.repository import within
from auth.departments.models import Department, Reorganisation, ReorganisedDepartment
from auth.departments.schemas import WantedDepartments
from auth.departments.words import Side


def by_code(session: Session, code: str, *, lock: bool = False) -> Department | None:
    """The department of this code, its row locked when it is going to be changed."""
    query = select(Department).where(Department.code == code)
    return session.exec(query.with_for_update(key_share=True) if lock else query).first()


def by_id(session: Session, department_id: UUID) -> Department:
    """The department with this id; it exists, foreign keys see to that."""
    return session.get_one(Department, department_id)


def names(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """What the departments ``ids`` are called, by id."""
    query = select(Department.id, Department.name).where(col(Department.id).in_(ids))
    return dict(session.exec(query).all())


def names_by_code(session: Session, codes: Collection[str]) -> dict[str, str]:
    """What the departments of ``codes`` are called, by code."""
    query = select(Department.code, Department.name).where(col(Department.code).in_(codes))
    return dict(session.exec(query).all())


def of_ids(session: Session, ids: Collection[UUID]) -> Sequence[Department]:
    """The departments with these ids, by code."""
    query = select(Department).where(col(Department.id).in_(ids))
    return session.exec(query.order_by(col(Department.code))).all()


def id_of(session: Session, code: str) -> UUID | None:
    return session.exec(select(Department.id).where(Department.code == code)).first()


def id_named(session: Session, name: str) -> UUID | None:
    """The department that is called so now."""
    query = select(Department.id).where(Department.name == name).order_by(col(Department.ended_on))
    return session.exec(query.limit(1)).first()


def listed(session: Session) -> Sequence[Department]:
    """All departments, by code."""
    return session.exec(select(Department).order_by(col(Department.code))).all()


def locked(session: Session, codes: Collection[str]) -> Mapping[str, Department]:
    """The departments of ``codes``, by code, their rows locked in one order."""
    query = select(Department).where(col(Department.code).in_(codes)).order_by(col(Department.code))
    found = session.exec(query.with_for_update(key_share=True)).all()
    return {department.code: department for department in found}


def of_code_or_name(session: Session, code: str, name: str) -> Department | None:
    """A department that has this code or this name already."""
    return session.exec(
        select(Department).where((col(Department.code) == code) | (col(Department.name) == name))
    ).first()


def is_taken(session: Session, name: str, *, apart_from: UUID) -> bool:
    """Whether another department than ``apart_from`` bears this name."""
    taken = select(Department.id).where(
        col(Department.name) == name, col(Department.id) != apart_from
    )
    return session.exec(taken).first() is not None


def looking_like(
    session: Session, name_skeleton: str, *, apart_from: UUID | None = None
) -> Department | None:
    """The first other department than ``apart_from`` whose name looks like that."""
    alike = select(Department).where(Department.name_skeleton == name_skeleton)
    if apart_from is not None:
        alike = alike.where(Department.id != apart_from)
    return session.exec(alike.order_by(col(Department.code)).limit(1)).first()


def found(session: Session, wanted: WantedDepartments) -> Sequence[Department]:
    """The departments that are like that, ended ones too, by code."""
    query = select(Department).where(*_fitting(wanted)).order_by(col(Department.code))
    return session.exec(query).all()


def above(session: Session, department_id: UUID) -> Sequence[UUID]:
    """The department itself and all above it, the nearest first."""
    rows = session.connection().execute(
        text(
            "WITH RECURSIVE up AS (SELECT id, parent_id, 0 AS far FROM department WHERE id = :id"
            " UNION ALL SELECT d.id, d.parent_id, far + 1 FROM department d"
            " JOIN up ON d.id = up.parent_id) CYCLE id SET is_circle USING path"
            " SELECT id FROM up ORDER BY far"
        ),
        {"id": department_id},
    )
    return list(rows.scalars())


def below(session: Session, department_id: UUID) -> Sequence[Department]:
    """The departments directly below, by code; those that ended too."""
    query = select(Department).where(Department.parent_id == department_id)
    return session.exec(query.order_by(col(Department.code))).all()


def former_names(session: Session) -> Mapping[UUID, Sequence[str]]:
    """The names that departments bore before, by department, the oldest first."""
    query = (
        select(ReorganisedDepartment.department_id, ReorganisedDepartment.name)
        .join(Reorganisation, col(Reorganisation.id) == ReorganisedDepartment.reorganisation_id)
        .join(Department, col(Department.id) == ReorganisedDepartment.department_id)
        .where(
            ReorganisedDepartment.side == Side.BEFORE,
            col(ReorganisedDepartment.name) != col(Department.name),
        )
        .order_by(col(Reorganisation.effective_on), col(Reorganisation.act_no))
    )
    names: dict[UUID, list[str]] = {}
    for department_id, name in session.exec(query):
        known = names.setdefault(department_id, [])
        if name not in known:
            known.append(name)
    return names


def acts_of(session: Session, department_id: UUID) -> Sequence[Reorganisation]:
    """The acts in which a department took part, the newest first."""
    query = (
        select(Reorganisation)
        .join(
            ReorganisedDepartment,
            col(ReorganisedDepartment.reorganisation_id) == Reorganisation.id,
        )
        .where(ReorganisedDepartment.department_id == department_id)
        .distinct()
        .order_by(col(Reorganisation.effective_on).desc(), col(Reorganisation.act_no).desc())
    )
    return session.exec(query).all()


def parties(
    session: Session, acts: Collection[UUID]
) -> Sequence[tuple[ReorganisedDepartment, Department]]:
    """Who took part in ``acts``: the name of then, and the department as it is now."""
    query = (
        select(ReorganisedDepartment, Department)
        .join(Department, col(Department.id) == ReorganisedDepartment.department_id)
        .where(col(ReorganisedDepartment.reorganisation_id).in_(acts))
        .order_by(col(Department.code))
    )
    return session.exec(query).all()


def acts(session: Session) -> Sequence[Reorganisation]:
    """All acts, the newest first."""
    query = select(Reorganisation)
    return session.exec(
        query.order_by(col(Reorganisation.effective_on).desc(), col(Reorganisation.act_no).desc())
    ).all()


def act_by_no(session: Session, act_no: str) -> Reorganisation | None:
    return session.exec(select(Reorganisation).where(Reorganisation.act_no == act_no)).first()


def _fitting(wanted: WantedDepartments) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    for word in wanted.words.split()[:5]:
        formerly = select(ReorganisedDepartment.department_id).where(
            col(ReorganisedDepartment.name).icontains(word, autoescape=True)
        )
        clauses.append(
            or_(
                col(Department.name).icontains(word, autoescape=True),
                col(Department.code).istartswith(word, autoescape=True),
                col(Department.id).in_(formerly),
            )
        )
    if wanted.area:
        inside = select(Area.code).where(within(wanted.area))
        clauses.append(col(Department.area_code).in_(inside))
    if wanted.level is not None:
        clauses.append(col(Department.level) == wanted.level)
    if wanted.parent:
        parent = select(Department.id).where(Department.code == wanted.parent)
        clauses.append(col(Department.parent_id).in_(parent))
    if wanted.is_unstated:
        stated: Any = (
            col(Department.level),
            col(Department.area_code),
            col(Department.line),
            col(Department.regime),
        )
        clauses += [
            or_(*(each.is_(None) for each in stated)),
            col(Department.ended_on).is_(None),
        ]
    return clauses
