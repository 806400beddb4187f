"""Every SQL statement about who decides on sources."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, literal, or_
from sqlmodel import Session, col, select

from auth.accounts.models import AppUser
from auth.departments.models import Department
from auth.departments.words import Level
from auth.roles import Role
from catalog.sources.models import SourceClaim
from catalog.sources.words import OPEN, ClaimStatus
from shuqiao.db import column


def administrations(session: Session, level: Level, area_code: str) -> Sequence[UUID]:
    """The data administrations of that level and area: departments with somebody who decides, in
    the order of their codes.
    """
    query = select(Department.id).where(
        Department.level == level, Department.area_code == area_code, _decides()
    )
    return session.exec(query.order_by(col(Department.code))).all()


def has_unstated(session: Session) -> bool:
    """Whether level or area of a data administration is not stated."""
    unstated = or_(col(Department.level).is_(None), col(Department.area_code).is_(None))
    query = select(Department.id).where(unstated, _decides()).limit(1)
    return session.exec(query).first() is not None


def _decides() -> ColumnElement[bool]:
    """Whether a department has somebody who decides."""
    admins = select(AppUser.id).where(
        col(AppUser.department_id) == col(Department.id),
        col(AppUser.is_active),
        literal(Role.DATA_ADMIN.value) == any_(column(AppUser.roles)),
    )
    return and_(col(Department.ended_on).is_(None), admins.exists())


def to_be_judged(session: Session) -> Sequence[tuple[SourceClaim, Department]]:
    """The claims that wait or stand, with their departments; not those a conflict settles. Locked,
    without those that somebody works on now.
    """
    query = (
        select(SourceClaim, Department)
        .join(Department, col(Department.id) == col(SourceClaim.department_id))
        .where(
            col(SourceClaim.status).in_((*OPEN, ClaimStatus.CONFIRMED)),
            col(SourceClaim.is_rival).is_(False) | (SourceClaim.status == ClaimStatus.CONFIRMED),
        )
        .order_by(col(SourceClaim.claim_no))
        .with_for_update(of=SourceClaim, skip_locked=True)
    )
    return [(claim, department) for claim, department in session.exec(query).all()]
