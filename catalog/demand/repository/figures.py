"""A month of demands, counted over what the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import and_, case, func
from sqlmodel import Session, col, select

from catalog.demand.lifecycle.seats import ANSWERING
from catalog.demand.models import Demand, DemandAnswer
from catalog.demand.repository.cases import visible_to
from catalog.demand.words import DemandStatus, UnmetReason
from shuqiao.desk.models import CaseClock
from shuqiao.subject import Subject

#: Days as the clocks count them.
_ZONE: Final = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Counted:
    """What happened in a month. ``due``: answers that were due in it, given or not."""

    filed: int
    due: int
    in_time: int
    met: int
    unmet: Mapping[UnmetReason, int]


@dataclass(frozen=True, slots=True)
class Month:
    """A month by its first and last day, and as moments."""

    first: date
    last: date
    begins: datetime
    ends: datetime


def counted(session: Session, subject: Subject, month: Month, today: date) -> Counted:
    seen = visible_to(subject)
    filed = select(func.count()).select_from(Demand)
    filed = filed.where(
        seen, col(Demand.filed_at) >= month.begins, col(Demand.filed_at) < month.ends
    )
    given, in_time = _given(session, subject, month)
    ended = (
        select(Demand.status, Demand.unmet_reason, func.count())
        .where(seen, col(Demand.ended_at) >= month.begins, col(Demand.ended_at) < month.ends)
        .group_by(col(Demand.status), col(Demand.unmet_reason))
    )
    rows = session.exec(ended).all()
    return Counted(
        filed=session.exec(filed).one(),
        due=given + _late(session, subject, month, today),
        in_time=in_time,
        met=sum(number for status, _reason, number in rows if status is DemandStatus.MET),
        unmet={
            UnmetReason(reason): number for _status, reason, number in rows if reason is not None
        },
    )


def _given(session: Session, subject: Subject, month: Month) -> tuple[int, int]:
    """Answers that were due in the month, and those of them given in time."""
    day = func.date(func.timezone(_ZONE, col(DemandAnswer.answered_at)))
    query = (
        select(func.count(), func.count(case((day <= col(DemandAnswer.due_on), 1))))
        .select_from(DemandAnswer)
        .join(Demand, col(Demand.id) == col(DemandAnswer.demand_id))
        .where(visible_to(subject), col(DemandAnswer.due_on).between(month.first, month.last))
    )
    given, in_time = session.exec(query).one()
    return int(given), int(in_time)


def _late(session: Session, subject: Subject, month: Month, today: date) -> int:
    """Answers that were due in the month, are over and still not given."""
    query = (
        select(func.count())
        .select_from(CaseClock)
        .join(
            Demand,
            and_(col(Demand.demand_no) == col(CaseClock.case_no), visible_to(subject)),
        )
        .where(
            CaseClock.kind == ANSWERING,
            col(CaseClock.closed_on).is_(None),
            col(CaseClock.due_on).between(month.first, month.last),
            col(CaseClock.due_on) < today,
        )
    )
    return session.exec(query).one()
