"""Every SQL statement about source conflicts."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from auth.visibility import Columns, visible
from catalog.conflicts.lifecycle import STATING
from catalog.conflicts.models import SourceConflict, SourceStatement
from catalog.conflicts.words import OPEN, ConflictStatus
from policies.actions import Action
from shuqiao.db import column
from shuqiao.desk.models import CaseClock
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: What the rule of reading asks of a row.
_FACTS: Columns = {
    "opener": column(SourceConflict.opener_id),
    "rival": column(SourceConflict.rival_id),
}


def by_no(session: Session, no: str, *, lock: bool = False) -> SourceConflict | None:
    query = select(SourceConflict).where(SourceConflict.conflict_no == no)
    return session.exec(query.with_for_update() if lock else query).first()


def page(
    session: Session, subject: Subject, wanted: PageRequest, status: ConflictStatus | None
) -> tuple[Sequence[SourceConflict], str | None]:
    """One page of those that ``subject`` may read, by number, the newest first."""
    query = select(SourceConflict).where(visible(Action.CONFLICT_READ, subject, _FACTS))
    if status is not None:
        query = query.where(SourceConflict.status == status)
    number = column(SourceConflict.conflict_no)
    rows = session.exec(wanted.keyset(query, number, descending=True)).all()
    return wanted.cut(rows, lambda row: (row.conflict_no,))


def open_about(
    session: Session, element_ids: Collection[UUID], *, lock: bool = False
) -> Sequence[SourceConflict]:
    """Those of these elements that are not settled, the oldest first."""
    query = select(SourceConflict).where(
        col(SourceConflict.element_id).in_(element_ids), col(SourceConflict.status).in_(OPEN)
    )
    query = query.order_by(col(SourceConflict.conflict_no))
    return session.exec(query.with_for_update() if lock else query).all()


def to_be_judged(session: Session) -> Sequence[SourceConflict]:
    """Those that are decided or reviewed on this platform, locked, without those that somebody
    works on now.
    """
    query = select(SourceConflict).where(
        col(SourceConflict.status).in_(OPEN), SourceConflict.status != ConflictStatus.REFERRED
    )
    query = query.order_by(col(SourceConflict.conflict_no))
    return session.exec(query.with_for_update(skip_locked=True)).all()


def live_of(session: Session, department_id: UUID, on: date) -> Sequence[SourceConflict]:
    """Those of a department that are open, or may be reviewed on that day, by number."""
    query = select(SourceConflict).where(
        or_(
            col(SourceConflict.opener_id) == department_id,
            col(SourceConflict.rival_id) == department_id,
        ),
        _is_live(on),
    )
    return session.exec(query.order_by(col(SourceConflict.conflict_no))).all()


def live_about_claim(session: Session, claim_id: UUID, on: date) -> Sequence[SourceConflict]:
    """Those of which a claim is a side, open or within the term of a review; locked."""
    query = select(SourceConflict).where(
        or_(
            col(SourceConflict.claim_id) == claim_id,
            col(SourceConflict.own_claim_id) == claim_id,
            col(SourceConflict.review_claim_id) == claim_id,
        ),
        _is_live(on),
    )
    return session.exec(query.with_for_update()).all()


def _is_live(on: date) -> ColumnElement[bool]:
    in_term = and_(
        column(SourceConflict.status) == ConflictStatus.DECIDED,
        or_(col(SourceConflict.review_until).is_(None), col(SourceConflict.review_until) >= on),
    )
    return or_(col(SourceConflict.status).in_(OPEN), in_term)


def open_about_claim(session: Session, claim_id: UUID) -> SourceConflict | None:
    """The one about this claim that is not decided."""
    query = select(SourceConflict).where(
        (col(SourceConflict.claim_id) == claim_id) | (col(SourceConflict.own_claim_id) == claim_id),
        col(SourceConflict.status).in_(OPEN),
    )
    return session.exec(query).first()


def statements(session: Session, conflict_id: UUID) -> Sequence[SourceStatement]:
    """What the sides said, in the order in which they did."""
    query = select(SourceStatement).where(SourceStatement.conflict_id == conflict_id)
    return session.exec(query.order_by(col(SourceStatement.stated_at))).all()


def unheard(session: Session, on: date) -> Sequence[SourceConflict]:
    """Those whose other side let its time pass, locked."""
    query = (
        select(SourceConflict)
        .join(CaseClock, col(CaseClock.case_no) == col(SourceConflict.conflict_no))
        .where(
            SourceConflict.status == ConflictStatus.OPENED,
            CaseClock.kind == STATING,
            col(CaseClock.closed_on).is_(None),
            col(CaseClock.due_on) < on,
        )
        .with_for_update(of=SourceConflict, skip_locked=True)
    )
    return session.exec(query).all()
