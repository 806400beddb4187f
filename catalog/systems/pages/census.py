"""Pages of the yearly census of systems."""

from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.guard import Authorized, is_allowed
from auth.once import OnceDep
from catalog.systems import repository
from catalog.systems.access import (
    SYSTEMS,
    CensusOpener,
    CensusReader,
    ClosableCensus,
    EditableSystem,
    ReadableCensus,
    ReportableCensus,
)
from catalog.systems.lifecycle import CLOSE, OPEN, REPORT
from catalog.systems.models import CensusReturn, SystemCensus
from catalog.systems.schemas import CensusOpen
from catalog.systems.service import census as counting
from catalog.systems.views.census import CensusesPage, CensusPage, census_page, censuses_page
from catalog.systems.views.register import SystemPage, system_page
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter

router = PageRouter()


def all_page(session: Session, subject: Subject, form: Form) -> CensusesPage:
    may_open = is_allowed(subject, Action.CENSUS_OPEN, SYSTEMS)
    return censuses_page(session, form, may_open=may_open)


@router.page("/systems/census")
def index(subject: CensusReader, session: ReadSessionDep) -> CensusesPage:
    """The censuses there were, and the form that opens this year's."""
    return all_page(session, subject, Form())


@router.form("/systems/census", again=all_page)
def open_census(
    subject: CensusOpener, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    census = counting.open_year(session, subject, form.parse(CensusOpen).year)
    return once.go_to(f"/systems/census/{census.year}?done={OPEN.word}")


def one_page(
    session: Session, found: Authorized[SystemCensus], form: Form, done: str = ""
) -> CensusPage:
    subject, census = found.subject, found.object
    home = subject.department_id
    own = repository.return_of(session, census.year, home) if home is not None else None
    return census_page(
        session,
        subject,
        census,
        form,
        may_report=own is not None and is_allowed(subject, Action.CENSUS_REPORT, own),
        may_close=is_allowed(subject, Action.CENSUS_OPEN, census),
        done=done,
    )


def return_page(session: Session, found: Authorized[CensusReturn], form: Form) -> CensusPage:
    census = repository.census_by_id(session, found.object.census_id)
    return one_page(session, Authorized(found.subject, census), form)


@router.page("/systems/census/{year}")
def one(
    found: ReadableCensus,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> CensusPage:
    """One census: what the reader's department owes, and what every department reported."""
    return one_page(session, found, Form(), done)


@router.form("/systems/census/{year}/reports", again=return_page)
def report(found: ReportableCensus, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    counting.report(session, found.subject, found.object)
    return once.go_to(f"/systems/census/{found.object.year}?done={REPORT.word}")


@router.form("/systems/census/{year}/closings", again=one_page)
def close(found: ClosableCensus, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    counting.close(session, found.subject, found.object)
    return once.go_to(f"/systems/census/{found.object.year}?done={CLOSE.word}")


def confirmed_page(session: Session, found: EditableSystem, form: Form) -> SystemPage:
    return system_page(session, found, form)


@router.form("/systems/{no}/confirmations", again=confirmed_page)
def confirm(found: EditableSystem, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    said = counting.confirm(session, found.subject, found.object, version=form.version)
    census = repository.census_by_id(session, said.census_id)
    return once.go_to(f"/systems/census/{census.year}#own-title")
