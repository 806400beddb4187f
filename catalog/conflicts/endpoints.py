"""HTTP of source conflicts."""

from typing import Annotated

from fastapi import APIRouter, Query

from audit.receipts import receipt
from auth.guard import may_list
from auth.once import OnceDep
from catalog.conflicts import repository, service
from catalog.conflicts.access import (
    AppealableConflict,
    DecidableConflict,
    DisputableElement,
    ReadableConflict,
    ReferableConflict,
    ReviewableConflict,
    StatableConflict,
    WithdrawableConflict,
)
from catalog.conflicts.models import SourceConflict
from catalog.conflicts.schemas import (
    ConflictDecision,
    ConflictOpen,
    ConflictRead,
    ConflictRecorded,
    ConflictShown,
    OpinionCreate,
    Referral,
    ReviewDecision,
    ReviewPlea,
    StatementCreate,
)
from catalog.conflicts.views import read_model, read_models
from catalog.conflicts.words import ConflictStatus
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["source conflicts"], route_class=StrictRoute)

ConflictReader = Annotated[Subject, may_list(Action.CONFLICT_READ)]
Wanted = Annotated[ConflictStatus | None, Query(description="Only conflicts that stand there.")]


@router.post(
    "/elements/{identifier}/source-conflicts",
    status_code=201,
    operation_id="source_conflicts_open",
    summary="Open a source conflict about a data element",
)
def open_one(
    found: DisputableElement, body: ConflictOpen, session: SessionDep, once: OnceDep
) -> ConflictRecorded:
    opened = service.open_conflict(session, found.subject, found.object, body)
    return once.keep(_told(session, opened))


@router.get(
    "/source-conflicts", operation_id="source_conflicts_list", summary="List source conflicts"
)
def list_conflicts(
    subject: ConflictReader, session: ReadSessionDep, wanted: PageDep, status: Wanted = None
) -> Page[ConflictRead]:
    rows, following = repository.page(session, subject, wanted, status)
    return Page(items=read_models(session, rows), next=following)


@router.get(
    "/source-conflicts/{no}",
    operation_id="source_conflicts_show",
    summary="Show a source conflict",
)
def show(found: ReadableConflict, session: ReadSessionDep) -> ConflictShown:
    return read_model(session, found.object)


@router.post(
    "/source-conflicts/{no}/statements",
    status_code=201,
    operation_id="source_conflicts_state",
    summary="State the own side of a source conflict",
)
def state(
    found: StatableConflict, body: StatementCreate, session: SessionDep, once: OnceDep
) -> ConflictRecorded:
    return once.keep(_told(session, service.state(session, found.subject, found.object, body)))


@router.post(
    "/source-conflicts/{no}/opinions",
    status_code=201,
    operation_id="source_conflicts_attach_opinion",
    summary="Attach the opinion of the establishment office",
)
def attach_opinion(
    found: DecidableConflict, body: OpinionCreate, session: SessionDep, once: OnceDep
) -> ConflictRecorded:
    changed = service.attach_opinion(session, found.subject, found.object, body)
    return once.keep(_told(session, changed))


@router.post(
    "/source-conflicts/{no}/referrals",
    status_code=201,
    operation_id="source_conflicts_refer",
    summary="Bring a source conflict before the superior administration",
)
def refer(
    found: ReferableConflict, body: Referral, session: SessionDep, once: OnceDep
) -> ConflictRecorded:
    return once.keep(_told(session, service.refer(session, found.subject, found.object, body)))


@router.post(
    "/source-conflicts/{no}/decisions",
    status_code=201,
    operation_id="source_conflicts_decide",
    summary="Decide a source conflict: name the source",
)
def decide(
    found: DecidableConflict, body: ConflictDecision, session: SessionDep, once: OnceDep
) -> ConflictRecorded:
    return once.keep(_told(session, service.decide(session, found.subject, found.object, body)))


@router.post(
    "/source-conflicts/{no}/withdrawals",
    status_code=201,
    operation_id="source_conflicts_withdraw",
    summary="Withdraw a source conflict",
)
def withdraw(found: WithdrawableConflict, session: SessionDep, once: OnceDep) -> ConflictRecorded:
    return once.keep(_told(session, service.withdraw(session, found.subject, found.object)))


@router.post(
    "/source-conflicts/{no}/review-requests",
    status_code=201,
    operation_id="source_conflicts_ask_review",
    summary="Ask for the review of a decision on a source conflict",
)
def ask_review(
    found: AppealableConflict, body: ReviewPlea, session: SessionDep, once: OnceDep
) -> ConflictRecorded:
    asked = service.ask_review(session, found.subject, found.object, body)
    return once.keep(_told(session, asked))


@router.post(
    "/source-conflicts/{no}/reviews",
    status_code=201,
    operation_id="source_conflicts_review",
    summary="Decide on the review of a source conflict",
)
def review(
    found: ReviewableConflict, body: ReviewDecision, session: SessionDep, once: OnceDep
) -> ConflictRecorded:
    return once.keep(_told(session, service.review(session, found.subject, found.object, body)))


def _told(session: SessionDep, conflict: SourceConflict) -> ConflictRecorded:
    return ConflictRecorded(**dict(read_model(session, conflict)), **receipt(session))
