"""Every SQL statement about information systems and their census."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, or_
from sqlmodel import Session, col, select

from auth.departments.models import Department
from auth.duties.models import Duty
from auth.visibility import Columns, visible
from catalog.systems.models import (
    CensusReturn,
    InformationSystem,
    SystemCensus,
    SystemConfirmation,
    SystemDuty,
)
from catalog.systems.schemas import WantedSystems
from catalog.systems.words import CensusStatus, ReturnStatus, SystemStatus
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Where the attributes that rules read of a system stand in its row.
FACTS: Final[Columns] = {"owner": column(InformationSystem.owner_id)}


def by_no(session: Session, no: str, *, lock: bool = False) -> InformationSystem | None:
    query = select(InformationSystem).where(InformationSystem.system_no == no.strip().upper())
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.exec(query).first()


def page(
    session: Session, subject: Subject, wanted: PageRequest, like: WantedSystems
) -> tuple[Sequence[InformationSystem], str | None]:
    """One page of the systems ``subject`` may read that are like that, the newest first."""
    query = select(InformationSystem).where(visible(Action.SYSTEM_READ, subject, FACTS))
    for word in like.q.split()[:5]:
        query = query.where(
            or_(
                col(InformationSystem.name).icontains(word, autoescape=True),
                col(InformationSystem.system_no).istartswith(word, autoescape=True),
            )
        )
    if like.owner:
        owner = select(Department.id).where(Department.code == like.owner)
        query = query.where(col(InformationSystem.owner_id).in_(owner))
    if like.status is not None:
        query = query.where(InformationSystem.status == like.status)
    rows = session.exec(
        wanted.keyset(query, column(InformationSystem.system_no), descending=True)
    ).all()
    return wanted.cut(rows, lambda row: (row.system_no,))


def counts_by_status(session: Session, subject: Subject) -> Mapping[SystemStatus, int]:
    """How many systems ``subject`` may read stand where."""
    query = select(InformationSystem.status, func.count()).where(
        visible(Action.SYSTEM_READ, subject, FACTS)
    )
    rows = session.exec(query.group_by(column(InformationSystem.status))).all()
    return {SystemStatus(status): count for status, count in rows}


def of_owner(session: Session, owner_id: UUID) -> Sequence[InformationSystem]:
    """The systems of a department, by number."""
    query = select(InformationSystem).where(InformationSystem.owner_id == owner_id)
    return session.exec(query.order_by(col(InformationSystem.system_no))).all()


def is_taken(session: Session, owner_id: UUID, name: str, *, apart_from: UUID | None) -> bool:
    """Whether the department has another system of this name."""
    query = select(InformationSystem.id).where(
        InformationSystem.owner_id == owner_id, InformationSystem.name == name
    )
    if apart_from is not None:
        query = query.where(InformationSystem.id != apart_from)
    return session.exec(query).first() is not None


def owners(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Department]:
    """The departments of systems, by id."""
    query = select(Department).where(col(Department.id).in_(ids))
    return {each.id: each for each in session.exec(query)}


def duties_of(session: Session, systems: Collection[UUID]) -> Mapping[UUID, Sequence[Duty]]:
    """The duties that systems serve, by the id of the system, in the order of their numbers."""
    query = (
        select(SystemDuty.system_id, Duty)
        .join(Duty, col(Duty.id) == SystemDuty.duty_id)
        .where(col(SystemDuty.system_id).in_(systems))
        .order_by(col(Duty.duty_no))
    )
    found: dict[UUID, list[Duty]] = {}
    for system_id, duty in session.exec(query):
        found.setdefault(system_id, []).append(duty)
    return found


def set_duties(session: Session, system_id: UUID, duties: Collection[UUID]) -> None:
    """Exactly these duties from now on."""
    there = set(
        session.exec(select(SystemDuty.duty_id).where(SystemDuty.system_id == system_id)).all()
    )
    gone = there - set(duties)
    if gone:
        session.exec(
            delete(SystemDuty).where(
                col(SystemDuty.system_id) == system_id, col(SystemDuty.duty_id).in_(gone)
            )
        )
    new = sorted(set(duties) - there)
    session.add_all(SystemDuty(system_id=system_id, duty_id=each) for each in new)
    session.flush()


def at_work(session: Session, subject: Subject) -> Sequence[InformationSystem]:
    """The systems at work that ``subject`` may read, by department and number."""
    query = select(InformationSystem).where(
        visible(Action.SYSTEM_READ, subject, FACTS),
        col(InformationSystem.status).in_([each for each in SystemStatus if each.is_at_work]),
    )
    order = (col(InformationSystem.owner_id), col(InformationSystem.system_no))
    return session.exec(query.order_by(*order)).all()


def named(session: Session, ids: Collection[UUID]) -> Mapping[UUID, InformationSystem]:
    """Systems by id."""
    if not ids:
        return {}
    query = select(InformationSystem).where(col(InformationSystem.id).in_(ids))
    return {each.id: each for each in session.exec(query)}


def census_of(session: Session, year: int, *, lock: bool = False) -> SystemCensus | None:
    query = select(SystemCensus).where(SystemCensus.year == year)
    return session.exec(query.with_for_update() if lock else query).first()


def census_by_id(session: Session, census_id: UUID) -> SystemCensus:
    """The census with this id; it exists, foreign keys see to that."""
    return session.get_one(SystemCensus, census_id)


def open_census(session: Session, *, lock: bool = False) -> SystemCensus | None:
    """The census that is open now, the latest."""
    query = select(SystemCensus).where(SystemCensus.status == CensusStatus.OPEN)
    query = query.order_by(col(SystemCensus.year).desc())
    return session.exec(query.with_for_update(read=True) if lock else query).first()


def censuses(session: Session) -> Sequence[SystemCensus]:
    """All of them, the latest first."""
    return session.exec(select(SystemCensus).order_by(col(SystemCensus.year).desc())).all()


def returns_of(
    session: Session, census_id: UUID, *, lock: bool = False
) -> Sequence[tuple[CensusReturn, Department]]:
    """What the departments report to a census, by code; ``lock``: who is reporting is awaited."""
    query = (
        select(CensusReturn, Department)
        .join(Department, col(Department.id) == CensusReturn.owner_id)
        .where(CensusReturn.census_id == census_id)
    )
    query = query.order_by(col(Department.code))
    return session.exec(query.with_for_update(of=CensusReturn) if lock else query).all()


def return_of(
    session: Session, year: int, owner_id: UUID, *, lock: bool = False
) -> CensusReturn | None:
    query = select(CensusReturn).where(CensusReturn.year == year, CensusReturn.owner_id == owner_id)
    return session.exec(query.with_for_update() if lock else query).first()


def return_by_no(session: Session, number: str) -> CensusReturn | None:
    """What one department owes to a census, locked."""
    query = select(CensusReturn).where(CensusReturn.return_no == number)
    return session.exec(query.with_for_update()).first()


def due_returns(session: Session, owner_id: UUID) -> Sequence[CensusReturn]:
    """What a department owes and has not reported, by number."""
    query = select(CensusReturn).where(
        CensusReturn.owner_id == owner_id, CensusReturn.status == ReturnStatus.DUE
    )
    return session.exec(query.order_by(col(CensusReturn.return_no))).all()


def confirmations(
    session: Session, census_id: UUID, systems: Collection[UUID]
) -> Mapping[UUID, SystemConfirmation]:
    """What was said of these systems in a census, by system."""
    query = select(SystemConfirmation).where(
        SystemConfirmation.census_id == census_id, col(SystemConfirmation.system_id).in_(systems)
    )
    return {each.system_id: each for each in session.exec(query)}
