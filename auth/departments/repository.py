"""Every SQL statement about departments."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from auth.departments.models import Department


def by_code(session: Session, code: str) -> Department | None:
    return session.exec(select(Department).where(Department.code == code)).first()


def by_id(session: Session, department_id: UUID) -> Department:
    """The department with this id; it exists, foreign keys see to that."""
    return session.get_one(Department, department_id)


def names(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """What the departments ``ids`` are called, by id."""
    query = select(Department.id, Department.name).where(col(Department.id).in_(ids))
    return dict(session.exec(query).all())


def id_of(session: Session, code: str) -> UUID | None:
    return session.exec(select(Department.id).where(Department.code == code)).first()


def listed(session: Session) -> Sequence[Department]:
    """All departments, by code."""
    return session.exec(select(Department).order_by(col(Department.code))).all()


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
