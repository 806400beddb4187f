"""HTTP of grants."""

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth.once import OnceDep
from exchange.grants import repository
from exchange.grants.access import (
    GrantReader,
    ProvableGrant,
    RevocableGrant,
    SettleableGrant,
    ShownGrant,
)
from exchange.grants.schemas import GrantRead, GrantRecorded, ItemSettled, Revocation
from exchange.grants.service import granting, settling
from exchange.grants.views.grant import read_model, read_models, read_seen
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["grants"], route_class=StrictRoute)


@router.get("/grants", operation_id="grants_list", summary="Grants I may see")
def list_grants(subject: GrantReader, session: ReadSessionDep, wanted: PageDep) -> Page[GrantRead]:
    rows, following = repository.page(session, subject, wanted)
    return Page(items=read_models(session, rows), next=following)


@router.get("/grants/{no}", operation_id="grants_show", summary="Show a grant")
def show(found: ShownGrant, session: ReadSessionDep, response: Response) -> GrantRead:
    response.headers["ETag"] = etag(found.object.grant.version)
    return read_seen(session, found.object)


@router.post(
    "/grants/{no}/proofs",
    status_code=201,
    operation_id="grants_prove",
    summary="Have the plan of a grant tried again after its trial run failed",
)
def prove(
    found: ProvableGrant,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> GrantRecorded:
    grant = granting.ask_proof(session, found.subject, found.object, version)
    response.headers["ETag"] = etag(grant.version)
    return once.keep(GrantRecorded(**read_model(session, grant).model_dump(), **receipt(session)))


@router.post(
    "/grants/{no}/item-decisions",
    status_code=201,
    operation_id="grants_settle_item",
    summary="Resume a suspended item of a grant, or leave it suspended",
)
def settle_item(
    found: SettleableGrant,
    body: ItemSettled,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> GrantRecorded:
    grant = settling.settle_item(session, found.subject, found.object, version, body)
    response.headers["ETag"] = etag(grant.version)
    return once.keep(GrantRecorded(**read_model(session, grant).model_dump(), **receipt(session)))


@router.post(
    "/grants/{no}/revocations",
    status_code=201,
    operation_id="grants_revoke",
    summary="Revoke a grant at once",
)
def revoke(
    found: RevocableGrant,
    body: Revocation,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> GrantRecorded:
    grant = granting.revoke(session, found.subject, found.object, version, body.reason)
    response.headers["ETag"] = etag(grant.version)
    return once.keep(GrantRecorded(**read_model(session, grant).model_dump(), **receipt(session)))
