"""HTTP of demands: filed, read, claimed, assigned, merged, ended; and their figures."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from auth.once import OnceDep
from catalog.demand.access import (
    AssignableDemand,
    ClaimableDemand,
    ClosableDemand,
    DemandFiler,
    DemandLister,
    MergeableDemand,
    ReadableDemand,
    WithdrawableDemand,
)
from catalog.demand.endpoints.answers import recorded
from catalog.demand.repository import cases
from catalog.demand.schemas import (
    CandidatesRead,
    DemandAssign,
    DemandClose,
    DemandCreate,
    DemandMerge,
    DemandRead,
    DemandReason,
    DemandRecorded,
    DemandShown,
    FiguresRead,
)
from catalog.demand.service import figures as counting
from catalog.demand.service import filing, merging
from catalog.demand.views.reading import read_candidates, read_model, read_models
from catalog.demand.words import DemandStatus, Queue
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["demands"], route_class=StrictRoute)

Month = Annotated[str, Query(max_length=7, description="Year and month, 2026-11; now if left out")]


@router.get("/demands", operation_id="demands_list", summary="List demands")
def list_demands(
    subject: DemandLister,
    session: ReadSessionDep,
    wanted: PageDep,
    status: Annotated[DemandStatus | None, Query(description="Only those that stand there")] = None,
    queue: Annotated[Queue | None, Query(description="Only those whose turn it is")] = None,
) -> Page[DemandRead]:
    rows, following = cases.page(session, subject, wanted, status, queue)
    return Page(items=read_models(session, rows), next=following)


@router.post("/demands", status_code=201, operation_id="demands_file", summary="File a demand")
def file(
    subject: DemandFiler,
    body: DemandCreate,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> DemandRecorded:
    return once.keep(recorded(session, filing.file(session, subject, body), response))


@router.get(
    "/demands/figures", operation_id="demands_figures", summary="A month of demands in figures"
)
def figures(subject: DemandLister, session: ReadSessionDep, month: Month = "") -> FiguresRead:
    return counting.figures(session, subject, month)


@router.get("/demands/{no}", operation_id="demands_show", summary="Show a demand")
def show(found: ReadableDemand, session: ReadSessionDep, response: Response) -> DemandShown:
    response.headers["ETag"] = etag(found.object.version)
    return read_model(session, found.object)


@router.get(
    "/demands/{no}/candidates",
    operation_id="demands_candidates",
    summary="What may serve a demand, the best first, and demands that want the same",
)
def candidates(found: ReadableDemand, session: ReadSessionDep) -> CandidatesRead:
    return read_candidates(session, found.subject, found.object)


@router.post(
    "/demands/{no}/claims",
    status_code=201,
    operation_id="demands_claim",
    summary="Claim a demand: the own department answers it",
)
def claim(
    found: ClaimableDemand,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> DemandRecorded:
    done = filing.claim(session, found.subject, found.object, version)
    return once.keep(recorded(session, done, response))


@router.post(
    "/demands/{no}/assignments",
    status_code=201,
    operation_id="demands_assign",
    summary="Name the department that answers a demand",
)
def assign(
    found: AssignableDemand,
    body: DemandAssign,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> DemandRecorded:
    done = filing.assign(session, found.subject, found.object, body, version)
    return once.keep(recorded(session, done, response))


@router.post(
    "/demands/{no}/mergers",
    status_code=201,
    operation_id="demands_merge",
    summary="Merge a demand into another one that wants the same",
)
def merge(
    found: MergeableDemand,
    body: DemandMerge,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> DemandRecorded:
    merging.merge(session, found.subject, found.object, body.into, version)
    return once.keep(recorded(session, found.object, response))


@router.post(
    "/demands/{no}/closings",
    status_code=201,
    operation_id="demands_close",
    summary="End a demand as not met, for a coded reason",
)
def close(
    found: ClosableDemand,
    body: DemandClose,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> DemandRecorded:
    done = filing.close(session, found.subject, found.object, body, version)
    return once.keep(recorded(session, done, response))


@router.post(
    "/demands/{no}/withdrawals",
    status_code=201,
    operation_id="demands_withdraw",
    summary="Withdraw a demand, or the own voice in it",
)
def withdraw(
    found: WithdrawableDemand,
    body: DemandReason,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> DemandRecorded:
    done = filing.withdraw(session, found.subject, found.object, body.reason, version)
    return once.keep(recorded(session, done, response))
