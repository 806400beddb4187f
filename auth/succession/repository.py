"""Every SQL statement about successions."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from auth.accounts.models import AppUser
from auth.departments.models import Department, Reorganisation, ReorganisedDepartment
from auth.departments.words import Side
from auth.succession.models import SucceededObject, Succession


def of_act(session: Session, act_no: str, *, lock: bool = False) -> Succession | None:
    query = select(Succession).where(Succession.act_no == act_no)
    return session.exec(query.with_for_update() if lock else query).first()


def sides(session: Session, act: Reorganisation) -> tuple[list[Department], list[Department]]:
    """The departments that ended by the act, and those that stand after it; by code."""
    query = (
        select(ReorganisedDepartment.side, Department)
        .join(Department, col(Department.id) == ReorganisedDepartment.department_id)
        .where(ReorganisedDepartment.reorganisation_id == act.id)
        .order_by(col(Department.code))
    )
    before: list[Department] = []
    after: list[Department] = []
    for side, department in session.exec(query):
        (before if side is Side.BEFORE else after).append(department)
    standing = {each.id for each in after}
    return [each for each in before if each.id not in standing], after


def succeeded(session: Session, succession_id: UUID) -> Sequence[SucceededObject]:
    """What has its successor, the latest first."""
    query = select(SucceededObject).where(SucceededObject.succession_id == succession_id)
    return session.exec(
        query.order_by(col(SucceededObject.named_at).desc(), col(SucceededObject.id).desc())
    ).all()


def count_accounts(session: Session, departments: Collection[UUID]) -> int:
    """Active accounts of these departments."""
    query = select(func.count()).where(
        col(AppUser.department_id).in_(departments), col(AppUser.is_active)
    )
    return session.exec(query.select_from(AppUser)).one()
