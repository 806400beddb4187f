"""HTTP of information systems."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.systems import repository
from catalog.systems.access import (
    EditableSystem,
    ReadableSystem,
    SystemLister,
    SystemRegistrar,
)
from catalog.systems.models import InformationSystem
from catalog.systems.schemas import (
    SystemCreate,
    SystemMove,
    SystemRead,
    SystemRecorded,
    SystemSummary,
    SystemUpdate,
    WantedSystems,
)
from catalog.systems.service import register as registering
from catalog.systems.views.register import read_model, summaries
from catalog.systems.words import SystemStatus
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["systems"], route_class=StrictRoute)


@router.post(
    "/systems",
    status_code=201,
    operation_id="systems_register",
    summary="Register an information system",
)
def register(
    body: SystemCreate,
    subject: SystemRegistrar,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> SystemRecorded:
    system = registering.register(session, subject, body)
    response.headers["Location"] = f"/api/v1/systems/{system.system_no}"
    return once.keep(_recorded(session, system, response))


@router.get("/systems", operation_id="systems_list", summary="List the systems I may see")
def list_systems(
    subject: SystemLister,
    session: ReadSessionDep,
    wanted: PageDep,
    q: Annotated[str, Query(max_length=100, description="Words of name or number.")] = "",
    owner: Annotated[
        str,
        Query(max_length=18, description="Credit code.", examples=["11150000009900021B"]),
    ] = "",
    status: Annotated[SystemStatus | None, Query(description="Only those that stand there")] = None,
) -> Page[SystemSummary]:
    like = WantedSystems(q=q, owner=owner, status=status)
    rows, following = repository.page(session, subject, wanted, like)
    return Page(items=summaries(session, rows), next=following)


@router.get("/systems/{no}", operation_id="systems_show", summary="Show a system")
def show(found: ReadableSystem, session: ReadSessionDep, response: Response) -> SystemRead:
    response.headers["ETag"] = etag(found.object.version)
    return read_model(session, found.object)


@router.put("/systems/{no}", operation_id="systems_edit", summary="Describe a system anew")
def edit(
    body: SystemUpdate,
    found: EditableSystem,
    version: IfMatchDep,
    session: SessionDep,
    response: Response,
) -> SystemRecorded:
    """Replaces everything that is said of it but where it stands."""
    system = registering.edit(session, found.subject, found.object, body, version=version)
    return _recorded(session, system, response)


@router.post(
    "/systems/{no}/states",
    status_code=201,
    operation_id="systems_move",
    summary="Say where a system stands",
)
def move(
    body: SystemMove,
    found: EditableSystem,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> SystemRecorded:
    system = registering.move(session, found.subject, found.object, body, version=version)
    return once.keep(_recorded(session, system, response))


def _recorded(session: Session, system: InformationSystem, response: Response) -> SystemRecorded:
    response.headers["ETag"] = etag(system.version)
    return SystemRecorded(**dict(read_model(session, system)), **receipt(session))
