"""The yearly census as its pages and programs show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from auth.departments.service import may_be_reprimanded
from catalog.systems import repository
from catalog.systems.lifecycle import CENSUS, CLOSING, REPORTING, RETURN
from catalog.systems.models import CensusReturn, InformationSystem, SystemCensus
from catalog.systems.schemas import CensusRead, CensusSummary, ReturnRead
from catalog.systems.words import Outcome, ReturnStatus, SystemStatus
from shuqiao.clock import today
from shuqiao.desk import clocks
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page

LABELS: Final[Mapping[str, Message]] = {"year": _("Year")}


@dataclass(frozen=True, slots=True)
class CensusesPage(Page):
    """The censuses there were, and the form that opens the next one."""

    template = "systems/censuses.html"
    form: Form
    labels: Mapping[str, Message]
    censuses: Sequence[CensusSummary]
    may_open: bool
    year: int


@dataclass(frozen=True, slots=True)
class OwnSystem:
    """A system of the reader's department, and what was said of it in the census."""

    system: InformationSystem
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class CensusPage(Page):
    """One census. ``own``: what the reader's department owes, and its systems."""

    template = "systems/census.html"
    form: Form
    labels: Mapping[str, Message]
    census: CensusRead
    own: CensusReturn | None
    systems: Sequence[OwnSystem]
    may_report: bool
    may_close: bool
    #: Whether all of them are confirmed.
    is_complete: bool
    done: Message | None


def censuses_page(session: Session, form: Form, *, may_open: bool) -> CensusesPage:
    rows = repository.censuses(session)
    year = today().year
    return CensusesPage(
        form=form,
        labels=LABELS,
        censuses=[summary(session, row) for row in rows],
        may_open=may_open and all(row.year != year for row in rows),
        year=year,
    )


def census_page(
    session: Session,
    subject: Subject,
    census: SystemCensus,
    form: Form,
    *,
    may_report: bool,
    may_close: bool,
    done: str = "",
) -> CensusPage:
    home = subject.department_id
    own = repository.return_of(session, census.year, home) if home is not None else None
    systems = _own_systems(session, own) if own is not None else []
    confirmed = CENSUS.done(done) or RETURN.done(done)
    return CensusPage(
        form=form,
        labels=LABELS,
        census=read_model(session, census),
        own=own,
        systems=systems,
        is_complete=all(each.outcome is not None for each in systems),
        may_report=may_report and own is not None and own.status is ReturnStatus.DUE,
        may_close=may_close and census.closed_at is None,
        done=confirmed.title if confirmed else None,
    )


def summary(session: Session, census: SystemCensus) -> CensusSummary:
    """A census with its counts."""
    return CensusSummary(**_counted(session, census, returns(session, census)))


def read_model(session: Session, census: SystemCensus) -> CensusRead:
    """A census with what every department reported."""
    found = returns(session, census)
    return CensusRead(
        **_counted(session, census, found),
        returns=found,
        missing=[
            each.department
            for each in found
            if each.status is not ReturnStatus.REPORTED and not each.is_reference
        ],
    )


def returns(session: Session, census: SystemCensus) -> list[ReturnRead]:
    """What every department reports, by its code."""
    return [
        ReturnRead(
            department=department.name,
            code=department.code,
            status=row.status,
            status_label=str(row.status.label),
            is_reference=not may_be_reprimanded(department),
            reported_at=row.reported_at,
            system_count=row.system_count,
            corrected_count=row.corrected_count,
        )
        for row, department in repository.returns_of(session, census.id)
    ]


def _counted(session: Session, census: SystemCensus, found: Sequence[ReturnRead]) -> dict[str, Any]:
    return {
        **census.model_dump(include={"year", "census_no", "status", "opened_at", "closed_at"}),
        "status_label": str(census.status.label),
        "due_on": due_on(session, census),
        "owed": len(found),
        "reported": sum(each.status is ReturnStatus.REPORTED for each in found),
    }


def due_on(session: Session, census: SystemCensus) -> date | None:
    """The day by which the departments report."""
    for row, _department in repository.returns_of(session, census.id)[:1]:
        for clock in clocks.clocks_of(session, row.return_no):
            if clock.kind == REPORTING:
                return clock.due_on
    found = [c for c in clocks.clocks_of(session, census.census_no) if c.kind == CLOSING]
    return found[0].due_on if found else None


def _own_systems(session: Session, own: CensusReturn) -> list[OwnSystem]:
    rows = [
        each
        for each in repository.of_owner(session, own.owner_id)
        if each.status is not SystemStatus.STOPPED
    ]
    said = repository.confirmations(session, own.census_id, {each.id for each in rows})
    return [OwnSystem(each, said[each.id].outcome if each.id in said else None) for each in rows]
