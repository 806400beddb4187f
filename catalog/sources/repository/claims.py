"""Every SQL statement about claims and countersignings."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, text
from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from auth.areas.words import span_of
from auth.duties.models import Duty
from auth.visibility import visible
from catalog.elements.models import DataElement
from catalog.sources.models import SourceClaim, SourceCountersign
from catalog.sources.words import OPEN, ClaimStatus, CountersignStatus
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Decisions on the source of one element follow each other.
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(8092019, :number)")


def queue(session: Session, element: DataElement) -> None:
    """Wait until nobody else decides on a source of the element, until this transaction ends.

    Taken before any row is locked, so that nobody waits in a circle.
    """
    session.connection().execute(_ONE_AT_A_TIME, {"number": element.number})


def queue_all(session: Session, element_ids: Collection[UUID]) -> None:
    """The same of several elements, in one order."""
    numbers = select(DataElement.number).where(col(DataElement.id).in_(element_ids))
    for number in session.exec(numbers.order_by(col(DataElement.number))).all():
        session.connection().execute(_ONE_AT_A_TIME, {"number": number})


def element_as_it_stays(session: Session, element_id: UUID) -> DataElement:
    """The element as it is until this transaction ends: nothing of it is published meanwhile."""
    return session.get_one(
        DataElement, element_id, with_for_update={"read": True}, populate_existing=True
    )


def by_no(session: Session, no: str, *, lock: bool = False) -> SourceClaim | None:
    """The claim; ``lock``: to be changed, in the queue of its element."""
    query = select(SourceClaim).where(SourceClaim.claim_no == no)
    if not lock:
        return session.exec(query).first()
    number = select(SourceClaim.element_number).where(SourceClaim.claim_no == no)
    session.connection().execute(_ONE_AT_A_TIME, {"number": session.exec(number).first()})
    return session.exec(query.with_for_update()).first()


def by_id(session: Session, claim_id: UUID, *, lock: bool = False) -> SourceClaim:
    return session.get_one(SourceClaim, claim_id, with_for_update=lock)


def of_element(session: Session, element_id: UUID) -> Sequence[SourceClaim]:
    """All claims, the newest first."""
    query = select(SourceClaim).where(SourceClaim.element_id == element_id)
    return session.exec(query.order_by(col(SourceClaim.claim_no).desc())).all()


def confirmed(
    session: Session, element_ids: Collection[UUID], *, area_code: str | None = None
) -> Sequence[SourceClaim]:
    """The sources that stand, by element, scope and area; with ``area_code`` those whose area
    contains it and does not except it.
    """
    query = select(SourceClaim).where(
        col(SourceClaim.element_id).in_(element_ids), SourceClaim.status == ClaimStatus.CONFIRMED
    )
    if area_code is not None:
        query = query.where(_contains(area_code))
    order = (SourceClaim.element_id, SourceClaim.scope_number, SourceClaim.area_code)
    return session.exec(query.order_by(*(column(each) for each in order))).all()


def _contains(area_code: str) -> ColumnElement[bool]:
    span = func.int4range(span_of(area_code).start, span_of(area_code).stop)
    return column(SourceClaim.area_span).op("@>", is_comparison=True)(span)


def overlapping(
    session: Session, claim: SourceClaim, statuses: Collection[ClaimStatus]
) -> Sequence[SourceClaim]:
    """Other claims of these states that share objects and area with ``claim``, the oldest first."""
    query = select(SourceClaim).where(
        SourceClaim.element_id == claim.element_id,
        SourceClaim.id != claim.id,
        col(SourceClaim.status).in_(statuses),
        column(SourceClaim.area_span).op("&&", is_comparison=True)(_span_of(claim)),
    )
    if claim.scope_id is not None:
        query = query.where(
            or_(col(SourceClaim.scope_id).is_(None), col(SourceClaim.scope_id) == claim.scope_id)
        )
    return session.exec(query.order_by(col(SourceClaim.claim_no))).all()


def _span_of(claim: SourceClaim) -> Any:
    return (
        select_rows(column(SourceClaim.area_span))
        .where(column(SourceClaim.id) == claim.id)
        .scalar_subquery()
    )


def sharing_ground(session: Session, element_id: UUID, claim: SourceClaim) -> Sequence[SourceClaim]:
    """The sources of an element whose area shares ground with that of ``claim``."""
    query = select(SourceClaim).where(
        SourceClaim.element_id == element_id,
        SourceClaim.status == ClaimStatus.CONFIRMED,
        column(SourceClaim.area_span).op("&&", is_comparison=True)(_span_of(claim)),
    )
    return session.exec(query).all()


def open_claims(session: Session, element_ids: Collection[UUID]) -> Sequence[SourceClaim]:
    """Claims that wait for the data administration, the oldest first."""
    query = select(SourceClaim).where(
        col(SourceClaim.element_id).in_(element_ids), col(SourceClaim.status).in_(OPEN)
    )
    return session.exec(query.order_by(col(SourceClaim.claim_no))).all()


def undecided_or_standing(session: Session, element_id: UUID) -> Sequence[str]:
    """Numbers of the claims of an element that stand or wait, the oldest first."""
    query = select(SourceClaim.claim_no).where(
        SourceClaim.element_id == element_id,
        col(SourceClaim.status).in_((*OPEN, ClaimStatus.CONFIRMED)),
    )
    return session.exec(query.order_by(col(SourceClaim.claim_no))).all()


def of_department(session: Session, department_id: UUID) -> Sequence[SourceClaim]:
    """The claims of a department that stand or wait, by number."""
    query = select(SourceClaim).where(
        SourceClaim.department_id == department_id,
        col(SourceClaim.status).in_((*OPEN, ClaimStatus.CONFIRMED)),
    )
    return session.exec(query.order_by(col(SourceClaim.claim_no))).all()


def asked_of(session: Session, department_id: UUID) -> Sequence[SourceCountersign]:
    """What a department was asked to countersign and has not said, by number."""
    query = select(SourceCountersign).where(
        SourceCountersign.department_id == department_id,
        SourceCountersign.status == CountersignStatus.ASKED,
    )
    return session.exec(query.order_by(col(SourceCountersign.countersign_no))).all()


def page(
    session: Session, subject: Subject, wanted: PageRequest, status: ClaimStatus | None
) -> tuple[Sequence[SourceClaim], str | None]:
    """One page of claims by number, the newest first; of one state, or of all."""
    query = select(SourceClaim).where(visible(Action.SOURCE_READ, subject, {}))
    if status is not None:
        query = query.where(SourceClaim.status == status)
    rows = session.exec(wanted.keyset(query, column(SourceClaim.claim_no), descending=True)).all()
    return wanted.cut(rows, lambda row: (row.claim_no,))


def numbers(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Public numbers of claims, by id."""
    query = select(SourceClaim.id, SourceClaim.claim_no).where(col(SourceClaim.id).in_(ids))
    return dict(session.exec(query).all())


def duty_numbers(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    query = select(Duty.id, Duty.duty_no).where(col(Duty.id).in_(ids))
    return dict(session.exec(query).all())


def countersigns(session: Session, claim_id: UUID) -> Sequence[SourceCountersign]:
    """The countersignings of a claim, in the order in which they were asked for."""
    query = select(SourceCountersign).where(SourceCountersign.claim_id == claim_id)
    order = (col(SourceCountersign.asked_at), col(SourceCountersign.id))
    return session.exec(query.order_by(*order)).all()


def countersign_by_no(session: Session, no: str, *, lock: bool = False) -> SourceCountersign | None:
    """The countersigning; ``lock``: with its claim, in the queue of the element."""
    if lock:
        by_no(session, no.partition("#")[0], lock=True)
    query = select(SourceCountersign).where(SourceCountersign.countersign_no == no)
    return session.exec(query.with_for_update() if lock else query).first()
