"""From the address to the system, the department's systems and the census, and who may what."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Path
from sqlmodel import Session

from audit.append import ObjectRef
from auth.departments import repository as departments
from auth.departments.models import Department
from auth.guard import Authorized, Place, may, may_at, may_list
from auth.identify import SubjectDep
from catalog.systems import repository
from catalog.systems.models import CensusReturn, InformationSystem, SystemCensus
from policies.actions import Action
from policies.facts import ResourceFacts
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

SYSTEMS: Final = Place("Systems", "systems")

SystemNo = Annotated[
    str, Path(max_length=20, description="Public number, for example IS-2026-000001")
]


def system_seen(no: SystemNo, session: ReadSessionDep) -> InformationSystem:
    return _found(session, no)


def system_to_change(no: SystemNo, session: SessionDep) -> InformationSystem:
    return _found(session, no, lock=True)


def _found(session: Session, no: str, *, lock: bool = False) -> InformationSystem:
    found = repository.by_no(session, no, lock=lock)
    if found is None:
        raise NotFound
    return found


SystemLister = Annotated[Subject, may_list(Action.SYSTEM_READ)]
SystemRegistrar = Annotated[Subject, may_at(Action.SYSTEM_REGISTER, SYSTEMS)]
ReadableSystem = Annotated[Authorized[InformationSystem], may(Action.SYSTEM_READ, system_seen)]
#: "Seen": for the pages with the forms.
EditableSystemSeen = Annotated[Authorized[InformationSystem], may(Action.SYSTEM_EDIT, system_seen)]
EditableSystem = Annotated[Authorized[InformationSystem], may(Action.SYSTEM_EDIT, system_to_change)]


@dataclass(frozen=True, slots=True)
class SystemsOf:
    """The systems of one department, as the rules see them: like one of them."""

    department: Department

    def policy_facts(self) -> ResourceFacts:
        owner = {"owner": str(self.department.id)}
        return ResourceFacts("System", self.department.code, owner)

    def audit_ref(self) -> ObjectRef:
        return self.department.audit_ref()

    def audit_stream(self) -> str:
        return self.department.audit_stream()


def systems_of(code: Annotated[str, Path(max_length=18)], session: ReadSessionDep) -> SystemsOf:
    found = departments.by_code(session, code)
    if found is None:
        raise NotFound
    return SystemsOf(found)


CensusYear = Annotated[int, Path(ge=2025, le=2100, description="Year of the census")]


def census_seen(year: CensusYear, session: ReadSessionDep) -> SystemCensus:
    return _census(session, year)


def census_to_change(year: CensusYear, session: SessionDep) -> SystemCensus:
    return _census(session, year, lock=True)


def own_return(year: CensusYear, session: SessionDep, subject: SubjectDep) -> CensusReturn:
    """What the caller's department owes to the census of the year, locked."""
    _census(session, year)
    home = subject.department_id
    found = repository.return_of(session, year, home, lock=True) if home is not None else None
    if found is None:
        raise NotFound
    return found


def _census(session: Session, year: int, *, lock: bool = False) -> SystemCensus:
    found = repository.census_of(session, year, lock=lock)
    if found is None:
        raise NotFound
    return found


ReadableSystemsOf = Annotated[Authorized[SystemsOf], may(Action.SYSTEM_READ, systems_of)]
CensusReader = Annotated[Subject, may_at(Action.CENSUS_READ, SYSTEMS)]
CensusOpener = Annotated[Subject, may_at(Action.CENSUS_OPEN, SYSTEMS)]
ReadableCensus = Annotated[Authorized[SystemCensus], may(Action.CENSUS_READ, census_seen)]
ClosableCensus = Annotated[Authorized[SystemCensus], may(Action.CENSUS_OPEN, census_to_change)]
ReportableCensus = Annotated[Authorized[CensusReturn], may(Action.CENSUS_REPORT, own_return)]
