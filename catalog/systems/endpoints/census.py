"""HTTP of the yearly census of systems, and of what the register covers."""

from fastapi import APIRouter
from sqlmodel import Session

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.systems import repository
from catalog.systems.access import (
    CensusOpener,
    CensusReader,
    ClosableCensus,
    EditableSystem,
    ReadableCensus,
    ReportableCensus,
    SystemLister,
)
from catalog.systems.models import SystemCensus
from catalog.systems.schemas import (
    CensusList,
    CensusOpen,
    CensusRead,
    CensusRecorded,
    ConfirmationRead,
    Confirmed,
    CoverageList,
)
from catalog.systems.service import census as counting
from catalog.systems.views.census import read_model, summary
from catalog.systems.views.coverage import coverage
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["systems"], route_class=StrictRoute)


@router.get(
    "/systems/coverage",
    operation_id="systems_coverage",
    summary="Systems at work with and without a published entry",
)
def covered(subject: SystemLister, session: ReadSessionDep) -> CoverageList:
    return coverage(session, subject)


@router.get("/systems/census", operation_id="census_list", summary="Censuses of systems")
def list_censuses(subject: CensusReader, session: ReadSessionDep) -> CensusList:
    """The latest first."""
    rows = repository.censuses(session)
    return CensusList(items=[summary(session, row) for row in rows])


@router.post(
    "/systems/census",
    status_code=201,
    operation_id="census_open",
    summary="Open the census of systems of this year",
)
def open_census(
    body: CensusOpen, subject: CensusOpener, session: SessionDep, once: OnceDep
) -> CensusRecorded:
    return once.keep(_recorded(session, counting.open_year(session, subject, body.year)))


@router.get("/systems/census/{year}", operation_id="census_show", summary="Show a census")
def show(found: ReadableCensus, session: ReadSessionDep) -> CensusRead:
    return read_model(session, found.object)


@router.post(
    "/systems/census/{year}/reports",
    status_code=201,
    operation_id="census_report",
    summary="Report the systems of my department",
)
def report(found: ReportableCensus, session: SessionDep, once: OnceDep) -> CensusRecorded:
    owed = counting.report(session, found.subject, found.object)
    census = repository.census_by_id(session, owed.census_id)
    return once.keep(_recorded(session, census))


@router.post(
    "/systems/census/{year}/closings",
    status_code=201,
    operation_id="census_close",
    summary="Close a census",
)
def close(found: ClosableCensus, session: SessionDep, once: OnceDep) -> CensusRecorded:
    return once.keep(_recorded(session, counting.close(session, found.subject, found.object)))


@router.post(
    "/systems/{no}/confirmations",
    status_code=201,
    operation_id="systems_confirm",
    summary="Confirm a system in the open census",
)
def confirm(
    found: EditableSystem, version: IfMatchDep, session: SessionDep, once: OnceDep
) -> Confirmed:
    system = found.object
    said = counting.confirm(session, found.subject, system, version=version)
    census = repository.census_by_id(session, said.census_id)
    read = ConfirmationRead(
        system_no=system.system_no,
        year=census.year,
        outcome=said.outcome,
        outcome_label=str(said.outcome.label),
        system_version=said.system_version,
        confirmed_at=said.confirmed_at,
    )
    return once.keep(Confirmed(**dict(read), **receipt(session)))


def _recorded(session: Session, census: SystemCensus) -> CensusRecorded:
    return CensusRecorded(**dict(read_model(session, census)), **receipt(session))
