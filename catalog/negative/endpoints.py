"""HTTP of the negative list, and of contests of its bases."""

from typing import Annotated

from fastapi import APIRouter, Query

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.negative import service
from catalog.negative.access import (
    AnswerableContest,
    ConsentableEntry,
    ContestableEntry,
    DecidableContest,
    EndableEntry,
    EntryReader,
    KeepableEntry,
    Proposer,
    ReadableContest,
    ReadableEntry,
    ReviewableEntry,
    WithdrawableEntry,
)
from catalog.negative.models import NegativeContest, NegativeEntry
from catalog.negative.repository import entries as repository
from catalog.negative.schemas import (
    ContestAnswer,
    ContestCreate,
    ContestDecision,
    ContestRead,
    ContestRecorded,
    EntryConsent,
    EntryCreate,
    EntryEnd,
    EntryKeep,
    EntryRead,
    EntryRecorded,
    EntryReview,
    EntryShown,
)
from catalog.negative.views.reading import contest_model, read_model, read_models
from catalog.negative.words import EntryStatus
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["negative list"], route_class=StrictRoute)

Status = Annotated[EntryStatus | None, Query(description="Only entries that stand there.")]
Home = Annotated[str, Query(max_length=18, description="Credit code of the department.")]
Element = Annotated[str, Query(max_length=20, description="Identifier of a data element.")]


@router.get(
    "/negative-entries",
    operation_id="negative_entries_list",
    summary="List entries of the negative list",
)
def list_entries(
    subject: EntryReader,
    session: ReadSessionDep,
    wanted: PageDep,
    status: Status = None,
    department: Home = "",
    element: Element = "",
) -> Page[EntryRead]:
    sought = repository.sought(session, status, department, element)
    rows, following = repository.page(session, subject, wanted, sought)
    return Page(items=read_models(session, rows), next=following)


@router.post(
    "/negative-entries",
    status_code=201,
    operation_id="negative_entries_propose",
    summary="Propose an entry of the negative list",
)
def propose(
    subject: Proposer, body: EntryCreate, session: SessionDep, once: OnceDep
) -> EntryRecorded:
    return once.keep(_told(session, subject, service.propose_alone(session, subject, body)))


@router.get(
    "/negative-entries/{no}",
    operation_id="negative_entries_show",
    summary="Show an entry of the negative list",
)
def show(found: ReadableEntry, session: ReadSessionDep) -> EntryShown:
    return read_model(session, found.subject, found.object)


@router.post(
    "/negative-entries/{no}/consents",
    status_code=201,
    operation_id="negative_entries_consent",
    summary="Consent to a proposed entry, or not",
)
def consent(
    found: ConsentableEntry, body: EntryConsent, session: SessionDep, once: OnceDep
) -> EntryRecorded:
    done = service.consent(session, found.subject, found.object, body)
    return once.keep(_told(session, found.subject, done))


@router.post(
    "/negative-entries/{no}/reviews",
    status_code=201,
    operation_id="negative_entries_review",
    summary="Put a proposed entry in force, or not",
)
def review(
    found: ReviewableEntry, body: EntryReview, session: SessionDep, once: OnceDep
) -> EntryRecorded:
    done = service.review(session, found.subject, found.object, body)
    return once.keep(_told(session, found.subject, done))


@router.post(
    "/negative-entries/{no}/withdrawals",
    status_code=201,
    operation_id="negative_entries_withdraw",
    summary="Take a proposed entry back",
)
def withdraw(found: WithdrawableEntry, session: SessionDep, once: OnceDep) -> EntryRecorded:
    done = service.withdraw(session, found.subject, found.object)
    return once.keep(_told(session, found.subject, done))


@router.post(
    "/negative-entries/{no}/renewals",
    status_code=201,
    operation_id="negative_entries_keep",
    summary="Keep an entry whose basis was looked at again",
)
def keep(
    found: KeepableEntry, body: EntryKeep, session: SessionDep, once: OnceDep
) -> EntryRecorded:
    done = service.keep(session, found.subject, found.object, body)
    return once.keep(_told(session, found.subject, done))


@router.post(
    "/negative-entries/{no}/endings",
    status_code=201,
    operation_id="negative_entries_end",
    summary="Record that the basis of an entry ended",
)
def end(found: EndableEntry, body: EntryEnd, session: SessionDep, once: OnceDep) -> EntryRecorded:
    done = service.end(session, found.subject, found.object, body)
    return once.keep(_told(session, found.subject, done))


@router.post(
    "/negative-entries/{no}/contests",
    status_code=201,
    operation_id="negative_entries_contest",
    summary="Contest the basis of an entry",
)
def contest(
    found: ContestableEntry, body: ContestCreate, session: SessionDep, once: OnceDep
) -> ContestRecorded:
    return once.keep(_said(session, service.contest(session, found.subject, found.object, body)))


@router.get(
    "/negative-contests/{no}",
    operation_id="negative_contests_show",
    summary="Show a contest of a basis",
)
def show_contest(found: ReadableContest, session: ReadSessionDep) -> ContestRead:
    return contest_model(session, found.object)


@router.post(
    "/negative-contests/{no}/answers",
    status_code=201,
    operation_id="negative_contests_answer",
    summary="Answer for a contested basis",
)
def answer(
    found: AnswerableContest, body: ContestAnswer, session: SessionDep, once: OnceDep
) -> ContestRecorded:
    return once.keep(_said(session, service.answer(session, found.subject, found.object, body)))


@router.post(
    "/negative-contests/{no}/decisions",
    status_code=201,
    operation_id="negative_contests_decide",
    summary="Decide on a contested basis",
)
def decide(
    found: DecidableContest, body: ContestDecision, session: SessionDep, once: OnceDep
) -> ContestRecorded:
    return once.keep(_said(session, service.decide(session, found.subject, found.object, body)))


def _told(session: SessionDep, subject: Subject, entry: NegativeEntry) -> EntryRecorded:
    return EntryRecorded(**dict(read_model(session, subject, entry)), **receipt(session))


def _said(session: SessionDep, contest: NegativeContest) -> ContestRecorded:
    return ContestRecorded(**dict(contest_model(session, contest)), **receipt(session))
