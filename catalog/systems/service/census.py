"""The yearly census of systems (普查): it is opened, each department confirms or corrects its
systems and reports, it is closed and kept. Flushes and records, never commits.
"""

from sqlmodel import Session

from auth.cases import check, take
from auth.departments import repository as departments
from catalog.systems import lifecycle, repository
from catalog.systems.errors import CensusOpen, ConfirmedAlready, NoCensus, Unconfirmed
from catalog.systems.models import (
    CensusReturn,
    InformationSystem,
    SystemCensus,
    SystemConfirmation,
)
from catalog.systems.words import Outcome, SystemStatus
from shuqiao.clock import now, today
from shuqiao.db import insert_once
from shuqiao.errors import FieldError, Forbidden, Invalid
from shuqiao.i18n import _
from shuqiao.numbers import next_number
from shuqiao.subject import Subject


def open_year(session: Session, subject: Subject, year: int) -> SystemCensus:
    """Open the census of this year: every department that goes on is asked.

    Raises ``CensusOpen``, or ``Invalid`` for another year.
    """
    if subject.user_id is None:
        raise Forbidden(_("Only a person opens a census"))
    if year != today().year:
        detail = _("A census is opened in its own year")
        fix = _("Give this year: %(year)s.", year=str(today().year))
        raise Invalid(errors=[FieldError("/year", "wrong_year", detail, fix)])
    if repository.census_of(session, year) is not None:
        raise CensusOpen
    census = SystemCensus(
        census_no=next_number(session, "PC"), year=year, opener_id=subject.user_id
    )
    insert_once(session, census, CensusOpen())
    going_on = [each for each in departments.listed(session) if each.ended_on is None]
    why = {"year": year, "departments": len(going_on)}
    take(session, subject, census, lifecycle.OPEN, why=why)
    for department in going_on:
        owed = CensusReturn(
            return_no=next_number(session, "SR"),
            census_id=census.id,
            year=year,
            owner_id=department.id,
        )
        session.add(owed)
        session.flush()
        take(session, subject, owed, lifecycle.ASK_RETURN, why={"department": department.code})
    return census


def confirm(
    session: Session, subject: Subject, system: InformationSystem, *, version: int
) -> SystemConfirmation:
    """Say in the open census that a system (locked) is registered as it is; it is said once.
    Raises ``SystemChanged``, ``NoCensus``, ``ConfirmedAlready``.
    """
    check(system, lifecycle.CONFIRM, version)
    census = repository.open_census(session, lock=True)
    if census is None or subject.user_id is None:
        raise NoCensus
    if repository.confirmations(session, census.id, {system.id}):
        raise ConfirmedAlready
    is_same = system.updated_at <= census.opened_at
    outcome = Outcome.CONFIRMED if is_same else Outcome.CORRECTED
    made = SystemConfirmation(
        census_id=census.id,
        system_id=system.id,
        outcome=outcome,
        system_version=system.version,
        confirmed_by=subject.user_id,
    )
    session.add(made)
    session.flush()
    why = {"year": census.year, "outcome": outcome}
    take(session, subject, system, lifecycle.CONFIRM, version, why=why)
    return made


def report(session: Session, subject: Subject, owed: CensusReturn) -> CensusReturn:
    """Report for a department whose systems are all confirmed; without any it reports that.

    Raises ``ReturnNotNow``, ``Unconfirmed``.
    """
    check(owed, lifecycle.REPORT)
    systems = [
        each
        for each in repository.of_owner(session, owed.owner_id)
        if each.status is not SystemStatus.STOPPED
    ]
    said = repository.confirmations(session, owed.census_id, {each.id for each in systems})
    if open_ones := [each.name for each in systems if each.id not in said]:
        raise Unconfirmed(open_ones)
    owed.reporter_id, owed.reported_at = subject.user_id, now()
    owed.system_count = len(systems)
    owed.corrected_count = sum(each.outcome is Outcome.CORRECTED for each in said.values())
    why = {"systems": owed.system_count, "corrected": owed.corrected_count}
    take(session, subject, owed, lifecycle.REPORT, why=why)
    return owed


def close(session: Session, subject: Subject, census: SystemCensus) -> SystemCensus:
    """Close a census (locked): who has not reported is named for good. Raises ``CensusClosed``."""
    check(census, lifecycle.CLOSE)
    missed = 0
    for owed, _department in repository.returns_of(session, census.id, lock=True):
        if owed.state in lifecycle.MISS.at:
            take(session, subject, owed, lifecycle.MISS, why={"year": census.year})
            missed += 1
    census.closed_at = now()
    take(session, subject, census, lifecycle.CLOSE, why={"missed": missed})
    return census
