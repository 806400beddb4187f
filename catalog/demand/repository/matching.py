"""What may serve a demand, and which demands want the same."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from auth.departments.models import Department
from auth.duties.models import Duty
from catalog.demand.models import Demand, DemandItem
from catalog.demand.repository.cases import visible_to
from catalog.demand.words import DemandStatus
from shuqiao.clock import today
from shuqiao.subject import Subject

#: Demands that still can be merged, or merged into.
_OPEN = (
    DemandStatus.FILED,
    DemandStatus.CLAIMED,
    DemandStatus.ANSWERED,
    DemandStatus.COLLECTING,
    DemandStatus.BEING_SHARED,
)


def duties_saying(
    session: Session, words: Collection[str], *, limit: int = 200
) -> Sequence[tuple[Duty, str]]:
    """Duties of today whose text says one of ``words``, with the name of the department."""
    if not words:
        return ()
    on = today()
    query = (
        select(Duty, Department.name)
        .join(Department, col(Department.id) == col(Duty.department_id))
        .where(
            or_(*(func.strpos(col(Duty.text), word) > 0 for word in words)),
            col(Duty.valid_from) <= on,
            or_(col(Duty.valid_until).is_(None), col(Duty.valid_until) >= on),
            col(Department.ended_on).is_(None),
        )
        .order_by(col(Duty.duty_no))
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session.exec(query).all()]


def alike(
    session: Session,
    subject: Subject,
    demand: Demand,
    words: Collection[str],
    elements: Collection[UUID],
    names: Collection[str],
    *,
    limit: int = 200,
) -> Sequence[Demand]:
    """Open demands beside ``demand`` that name one of the words in their title, or want one of the
    elements or an item of one of the names.
    """
    same = select(DemandItem.demand_id).where(
        or_(col(DemandItem.element_id).in_(elements), col(DemandItem.name).in_(names))
    )
    says = [func.strpos(col(Demand.title), word) > 0 for word in words]
    query = select(Demand).where(
        visible_to(subject),
        col(Demand.id) != demand.id,
        col(Demand.status).in_(_OPEN),
        or_(col(Demand.id).in_(same), *says),
    )
    return session.exec(query.order_by(col(Demand.demand_no).desc()).limit(limit)).all()
