"""Every SQL statement about duties."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from auth.duties.models import Duty


def of_department(session: Session, department_id: UUID) -> Sequence[Duty]:
    """The duties of a department: those that hold first, then those that ended; by number."""
    query = select(Duty).where(Duty.department_id == department_id)
    order = (col(Duty.valid_until).is_not(None), col(Duty.duty_no))
    return session.exec(query.order_by(*order)).all()


def by_no(
    session: Session, department_id: UUID, duty_no: str, *, lock: bool = False
) -> Duty | None:
    """The duty of this number of the department, its row locked when it is going to be changed."""
    query = select(Duty).where(Duty.department_id == department_id, Duty.duty_no == duty_no)
    return session.exec(query.with_for_update() if lock else query).first()
