"""HTTP of sources: what an element's source is, claims, countersigning, the naming."""

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.elements.access import ElementReader, ReadableElement
from catalog.sources import repository, service
from catalog.sources.access import (
    ClaimableElement,
    ClaimReader,
    EndableClaim,
    EndableScope,
    ExceptableClaim,
    NameableClaim,
    ReadableClaim,
    ScopableElement,
    SignableCountersign,
    Wanted,
    WithdrawableClaim,
)
from catalog.sources.models import SourceClaim
from catalog.sources.schemas import (
    ClaimCreate,
    ClaimDecision,
    ClaimRead,
    ClaimReason,
    ClaimRecorded,
    ClaimShown,
    CountersignAnswer,
    Coverage,
    ElementSource,
    ExceptedArea,
    ScopeRegister,
    ScopeRegistered,
)
from catalog.sources.views import reading
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["sources"], route_class=StrictRoute)


@router.get(
    "/elements/{identifier}/source",
    operation_id="sources_of_element",
    summary="Show the source of a data element",
)
def of_element(found: ReadableElement, session: ReadSessionDep) -> ElementSource:
    return reading.element_source(session, found.object)


@router.post(
    "/elements/{identifier}/source/scopes",
    status_code=201,
    operation_id="sources_register_scope",
    summary="Register an object scope of a data element",
)
def register_scope(
    found: ScopableElement, body: ScopeRegister, session: SessionDep, once: OnceDep
) -> ScopeRegistered:
    scope = service.register_scope(session, found.subject, found.object, body)
    return once.keep(ScopeRegistered(**dict(reading.scope_read(scope)), **receipt(session)))


@router.post(
    "/elements/{identifier}/source/scopes/{number}/ends",
    status_code=201,
    operation_id="sources_end_scope",
    summary="End an object scope of a data element",
)
def end_scope(
    found: EndableScope, body: ClaimReason, session: SessionDep, once: OnceDep
) -> ScopeRegistered:
    element, scope = found.object.element, found.object.scope
    ended = service.end_scope(session, found.subject, element, scope, body)
    return once.keep(ScopeRegistered(**dict(reading.scope_read(ended)), **receipt(session)))


@router.post(
    "/elements/{identifier}/source-claims",
    status_code=201,
    operation_id="source_claims_propose",
    summary="Claim to be the source of a data element",
)
def propose(
    found: ClaimableElement, body: ClaimCreate, session: SessionDep, once: OnceDep
) -> ClaimRecorded:
    return once.keep(_told(session, service.propose(session, found.subject, found.object, body)))


@router.get("/source-claims", operation_id="source_claims_list", summary="List source claims")
def list_claims(
    subject: ClaimReader, session: ReadSessionDep, wanted: PageDep, status: Wanted = None
) -> Page[ClaimRead]:
    rows, following = repository.page(session, subject, wanted, status)
    return Page(items=reading.read_models(session, rows), next=following)


@router.get(
    "/source-coverage",
    operation_id="sources_coverage",
    summary="Count the data elements that have a source",
)
def coverage(_subject: ElementReader, session: ReadSessionDep) -> Coverage:
    return reading.coverage(session)


@router.get("/source-claims/{no}", operation_id="source_claims_show", summary="Show a source claim")
def show(found: ReadableClaim, session: ReadSessionDep, response: Response) -> ClaimShown:
    response.headers["ETag"] = etag(found.object.version)
    return reading.read_model(session, found.object)


@router.post(
    "/source-claims/{no}/withdrawals",
    status_code=201,
    operation_id="source_claims_withdraw",
    summary="Withdraw a source claim",
)
def withdraw(found: WithdrawableClaim, session: SessionDep, once: OnceDep) -> ClaimRecorded:
    return once.keep(_told(session, service.withdraw(session, found.subject, found.object)))


@router.post(
    "/source-claims/{no}/countersigns",
    status_code=201,
    operation_id="source_claims_ask",
    summary="Ask the collecting departments to countersign",
)
def ask(found: NameableClaim, session: SessionDep, once: OnceDep) -> ClaimRecorded:
    asked = service.ask(session, found.subject, found.object)
    return once.keep(_told(session, asked))


@router.post(
    "/source-claims/{no}/countersigns/{number}/answers",
    status_code=201,
    operation_id="source_claims_countersign",
    summary="Countersign a source claim: agree, or object with reasons",
)
def countersign(
    found: SignableCountersign, body: CountersignAnswer, session: SessionDep, once: OnceDep
) -> ClaimRecorded:
    sign = service.answer(session, found.subject, found.object, body)
    return once.keep(_told(session, repository.by_id(session, sign.claim_id)))


@router.post(
    "/source-claims/{no}/confirmations",
    status_code=201,
    operation_id="source_claims_confirm",
    summary="Name the source",
)
def confirm(
    found: NameableClaim,
    body: ClaimDecision,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
) -> ClaimRecorded:
    named = service.confirm(session, found.subject, found.object, body, version)
    return once.keep(_told(session, named))


@router.post(
    "/source-claims/{no}/refusals",
    status_code=201,
    operation_id="source_claims_refuse",
    summary="Do not confirm a source claim",
)
def refuse(
    found: NameableClaim,
    body: ClaimReason,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
) -> ClaimRecorded:
    refused = service.refuse(session, found.subject, found.object, body, version)
    return once.keep(_told(session, refused))


@router.post(
    "/source-claims/{no}/exceptions",
    status_code=201,
    operation_id="source_claims_except",
    summary="Record an exception for an area below",
)
def except_area(
    found: ExceptableClaim, body: ExceptedArea, session: SessionDep, once: OnceDep
) -> ClaimRecorded:
    changed = service.except_area(session, found.subject, found.object, body)
    return once.keep(_told(session, changed))


@router.post(
    "/source-claims/{no}/ends",
    status_code=201,
    operation_id="source_claims_end",
    summary="End a source without another one",
)
def end(
    found: EndableClaim, body: ClaimReason, session: SessionDep, once: OnceDep
) -> ClaimRecorded:
    return once.keep(_told(session, service.end(session, found.subject, found.object, body)))


def _told(session: SessionDep, claim: SourceClaim) -> ClaimRecorded:
    return ClaimRecorded(**dict(reading.read_model(session, claim)), **receipt(session))
