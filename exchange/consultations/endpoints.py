"""HTTP of consultations, filings, and of the termination of a grant."""

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth.once import OnceDep
from exchange.consultations import repository, service
from exchange.consultations.access import (
    ConcludableConsultation,
    ConsultationReader,
    FileableConsultation,
    ReadableConsultation,
    StatableConsultation,
    TerminableGrant,
)
from exchange.consultations.models import GrantConsultation
from exchange.consultations.schemas import (
    Conclusion,
    ConsultationList,
    ConsultationRead,
    ConsultationRecorded,
    FilingMade,
    SideStatement,
)
from exchange.consultations.views import read_model, read_models
from exchange.grants.access import ReadableGrant
from exchange.grants.schemas import GrantRecorded, Termination
from exchange.grants.views.grant import read_model as grant_model
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["consultations"], route_class=StrictRoute)


@router.get(
    "/grants/{no}/consultations",
    operation_id="consultations_of_grant",
    summary="Consultations about struck items of a grant",
)
def of_grant(found: ReadableGrant, session: ReadSessionDep) -> ConsultationList:
    rows = repository.of_grant(session, found.object.id)
    return ConsultationList(items=read_models(session, rows))


@router.get("/consultations", operation_id="consultations_list", summary="Consultations I may see")
def list_consultations(
    subject: ConsultationReader, session: ReadSessionDep, wanted: PageDep
) -> Page[ConsultationRead]:
    rows, following = repository.page(session, subject, wanted)
    return Page(items=read_models(session, rows), next=following)


@router.get("/consultations/{no}", operation_id="consultations_show", summary="Show a consultation")
def show(
    found: ReadableConsultation, session: ReadSessionDep, response: Response
) -> ConsultationRead:
    response.headers["ETag"] = etag(found.object.version)
    return read_model(session, found.object)


@router.post(
    "/consultations/{no}/statements",
    status_code=201,
    operation_id="consultations_state",
    summary="State the own side in a consultation",
)
def state(
    found: StatableConsultation, body: SideStatement, session: SessionDep, once: OnceDep
) -> ConsultationRecorded:
    return once.keep(_told(session, service.state(session, found.subject, found.object, body)))


@router.post(
    "/consultations/{no}/conclusions",
    status_code=201,
    operation_id="consultations_conclude",
    summary="Conclude a consultation",
)
def conclude(
    found: ConcludableConsultation,
    body: Conclusion,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> ConsultationRecorded:
    record = service.conclude(session, found.subject, found.object, version, body)
    response.headers["ETag"] = etag(record.version)
    return once.keep(_told(session, record))


@router.post(
    "/consultations/{no}/filings",
    status_code=201,
    operation_id="consultations_file",
    summary="File with the data administration what leaves no more",
)
def file(
    found: FileableConsultation, body: FilingMade, session: SessionDep, once: OnceDep
) -> ConsultationRecorded:
    return once.keep(_told(session, service.file(session, found.subject, found.object, body)))


@router.post(
    "/grants/{no}/terminations",
    status_code=201,
    operation_id="grants_terminate",
    summary="Terminate a suspended grant after consultation and filing",
)
def terminate(
    found: TerminableGrant,
    body: Termination,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> GrantRecorded:
    grant = service.terminate(session, found.subject, found.object, version, body)
    response.headers["ETag"] = etag(grant.version)
    return once.keep(GrantRecorded(**grant_model(session, grant).model_dump(), **receipt(session)))


def _told(session: SessionDep, record: GrantConsultation) -> ConsultationRecorded:
    return ConsultationRecorded(**dict(read_model(session, record)), **receipt(session))
