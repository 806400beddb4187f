"""Pages of sources: of an element, of one claim, of all claims, and how far the naming has come."""

from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.departments.forms import with_codes
from auth.guard import Authorized
from auth.once import OnceDep
from catalog.elements.access import ElementReader, ReadableElement
from catalog.elements.models import DataElement
from catalog.sources import service
from catalog.sources.access import (
    ClaimableElement,
    ClaimableElementSeen,
    ClaimReader,
    EndableClaim,
    EndableClaimSeen,
    EndableScope,
    ExceptableClaim,
    NameableClaim,
    ReadableClaim,
    ScopableElement,
    ScopeOf,
    SignableCountersign,
    Wanted,
    WithdrawableClaim,
)
from catalog.sources.lifecycle import (
    AGREE,
    ASK,
    CONFIRM,
    END,
    EXCEPT,
    OBJECT,
    PROPOSE,
    REFUSE,
    WITHDRAW,
)
from catalog.sources.models import SourceClaim
from catalog.sources.schemas import (
    ClaimCreate,
    ClaimDecision,
    ClaimOutcome,
    ClaimReason,
    CountersignAnswer,
    ExceptedArea,
    ScopeRegister,
)
from catalog.sources.views.claim_pages import (
    ClaimEndPage,
    ClaimNewPage,
    ClaimPage,
    ClaimsPage,
    CoveragePage,
    claim_new_page,
    claim_page,
    claims_page,
    coverage_page,
    end_page,
    sign_page,
)
from catalog.sources.views.source_page import SourcePage, source_page
from catalog.sources.words import Answer, Decision
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()
Done = Annotated[str, Query(max_length=20)]


@router.page("/elements/{identifier}/source")
def of_element(found: ReadableElement, session: ReadSessionDep, done: Done = "") -> SourcePage:
    """The one source of an element, drawn and as tables."""
    return source_page(session, found, Form(), done)


@router.form("/elements/{identifier}/source/scopes", again=source_page)
def register_scope(
    found: ScopableElement, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.register_scope(session, found.subject, found.object, form.parse(ScopeRegister))
    return once.go_to(f"{_address(found.object)}?done=scoped")


def _scope_page(session: Session, found: Authorized[ScopeOf], form: Form) -> SourcePage:
    """The page of the element again, for a scope that could not be ended."""
    return source_page(session, Authorized(found.subject, found.object.element), form)


@router.form("/elements/{identifier}/source/scopes/{number}/ends", again=_scope_page)
def end_scope(found: EndableScope, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    element, scope = found.object.element, found.object.scope
    service.end_scope(session, found.subject, element, scope, form.parse(ClaimReason))
    return once.go_to(f"{_address(element)}?done=scope_ended")


@router.page("/elements/{identifier}/source/claim")
def new_claim(found: ClaimableElementSeen, session: ReadSessionDep) -> ClaimNewPage:
    """The form of a claim."""
    return claim_new_page(session, found, Form())


@router.form("/elements/{identifier}/source/claim", again=claim_new_page)
def propose(found: ClaimableElement, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body = with_codes(session, form, of_areas=["area_code"]).parse(ClaimCreate)
    claim = service.propose(session, found.subject, found.object, body)
    return once.go_to(_done(claim, PROPOSE.word))


@router.page("/source-claims")
def index(
    subject: ClaimReader, session: ReadSessionDep, wanted: PageDep, status: Wanted = None
) -> ClaimsPage:
    """All claims, the newest first."""
    return claims_page(session, subject, wanted, status)


@router.page("/source-coverage")
def coverage(_subject: ElementReader, session: ReadSessionDep) -> CoveragePage:
    """Of the elements that need a source and are in use, how many have one."""
    return coverage_page(session)


@router.page("/source-claims/{no}")
def one(found: ReadableClaim, session: ReadSessionDep, done: Done = "") -> ClaimPage:
    """One claim, its countersignings, and what the reader may do about it."""
    return claim_page(session, found, Form(), done)


@router.form("/source-claims/{no}/withdrawals", again=claim_page)
def withdraw(
    found: WithdrawableClaim, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.withdraw(session, found.subject, found.object)
    return once.go_to(_done(found.object, WITHDRAW.word))


@router.form("/source-claims/{no}/countersigns", again=claim_page)
def ask(found: NameableClaim, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.ask(session, found.subject, found.object)
    return once.go_to(_done(found.object, ASK.word))


@router.form("/source-claims/{no}/countersigns/{number}/answers", again=sign_page)
def countersign(
    found: SignableCountersign, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = form.parse(CountersignAnswer)
    sign = service.answer(session, found.subject, found.object, body)
    step = OBJECT if body.answer is Answer.OBJECTED else AGREE
    return once.go_to(f"/source-claims/{sign.claim_no}?done={step.word}")


@router.form("/source-claims/{no}/decisions", again=claim_page)
def decide(found: NameableClaim, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    body, claim = form.parse(ClaimOutcome), found.object
    if body.outcome is Decision.REFUSED:
        service.refuse(session, found.subject, claim, form.parse(ClaimReason), form.version)
        return once.go_to(_done(claim, REFUSE.word))
    decision = ClaimDecision(reason=body.reason)
    service.confirm(session, found.subject, claim, decision, form.version)
    return once.go_to(_done(claim, CONFIRM.word))


@router.form("/source-claims/{no}/exceptions", again=claim_page)
def except_area(
    found: ExceptableClaim, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = with_codes(session, form, of_areas=["area_code"]).parse(ExceptedArea)
    service.except_area(session, found.subject, found.object, body)
    return once.go_to(_done(found.object, EXCEPT.word))


@router.page("/source-claims/{no}/end")
def end_form(found: EndableClaimSeen, session: ReadSessionDep) -> ClaimEndPage:
    """The question before a source is ended without another one."""
    return end_page(session, found, Form())


@router.form("/source-claims/{no}/end", again=end_page)
def end(found: EndableClaim, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.end(session, found.subject, found.object, form.parse(ClaimReason))
    return once.go_to(_done(found.object, END.word))


def _address(element: DataElement) -> str:
    return f"/elements/{element.identifier}/source"


def _done(claim: SourceClaim, word: str) -> str:
    return f"/source-claims/{claim.claim_no}?done={word}"
