"""Pages of source conflicts: the list, one of them, the form that opens one."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from auth.guard import may_list
from auth.once import OnceDep
from catalog.conflicts import lifecycle, repository, service
from catalog.conflicts.access import (
    AppealableConflict,
    DecidableConflict,
    DisputableElement,
    DisputableElementSeen,
    ReadableConflict,
    ReferableConflict,
    ReviewableConflict,
    StatableConflict,
    WithdrawableConflict,
)
from catalog.conflicts.forms import statement_of
from catalog.conflicts.models import SourceConflict
from catalog.conflicts.schemas import (
    ConflictDecision,
    ConflictOpen,
    OpinionCreate,
    Referral,
    ReviewDecision,
    ReviewPlea,
    StatementCreate,
)
from catalog.conflicts.views import (
    ConflictPage,
    ConflictsPage,
    OpenPage,
    conflict_page,
    conflicts_page,
    first_values,
    open_page,
    read_models,
)
from catalog.conflicts.words import ConflictStatus
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.subject import Subject
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep

router = PageRouter()

ConflictReader = Annotated[Subject, may_list(Action.CONFLICT_READ)]


@router.page("/source-conflicts")
def listed(
    subject: ConflictReader,
    session: ReadSessionDep,
    wanted: PageDep,
    status: Annotated[ConflictStatus | None, Query()] = None,
) -> ConflictsPage:
    rows, following = repository.page(session, subject, wanted, status)
    return conflicts_page(read_models(session, rows), status, wanted, following)


@router.page("/elements/{identifier}/source-conflicts/new")
def new(
    found: DisputableElementSeen,
    session: ReadSessionDep,
    statement: Annotated[str, Query(max_length=500)] = "",
) -> OpenPage:
    """The form; ``statement``: why an entry collects it again, for whoever comes from there."""
    return open_page(session, found, first_values(session, found, statement))


@router.form("/elements/{identifier}/source-conflicts", again=open_page)
def open_one(
    found: DisputableElement, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = statement_of(form, ConflictOpen)
    conflict = service.open_conflict(session, found.subject, found.object, body)
    return once.go_to(_page(conflict, lifecycle.OPEN.word))


@router.page("/source-conflicts/{no}")
def one(
    found: ReadableConflict,
    session: ReadSessionDep,
    done: Annotated[str, Query(max_length=20)] = "",
) -> ConflictPage:
    """Both sides, the opinion, the decision and its review, and what the reader may do."""
    return conflict_page(session, found, Form(), done)


@router.form("/source-conflicts/{no}/statements", again=conflict_page)
def state(found: StatableConflict, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.state(session, found.subject, found.object, statement_of(form, StatementCreate))
    return once.go_to(_page(found.object, lifecycle.STATE.word))


@router.form("/source-conflicts/{no}/opinions", again=conflict_page)
def attach_opinion(
    found: DecidableConflict, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.attach_opinion(session, found.subject, found.object, form.parse(OpinionCreate))
    return once.go_to(_page(found.object, lifecycle.ATTACH_OPINION.word))


@router.form("/source-conflicts/{no}/referrals", again=conflict_page)
def refer(found: ReferableConflict, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.refer(session, found.subject, found.object, form.parse(Referral))
    return once.go_to(_page(found.object, lifecycle.REFER.word))


@router.form("/source-conflicts/{no}/decisions", again=conflict_page)
def decide(found: DecidableConflict, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    service.decide(session, found.subject, found.object, form.parse(ConflictDecision))
    return once.go_to(_page(found.object, lifecycle.DECIDE.word))


@router.form("/source-conflicts/{no}/withdrawals", again=conflict_page)
def withdraw(found: WithdrawableConflict, session: SessionDep, once: OnceDep) -> Response:
    service.withdraw(session, found.subject, found.object)
    return once.go_to(_page(found.object, lifecycle.WITHDRAW.word))


@router.form("/source-conflicts/{no}/review-requests", again=conflict_page)
def ask_review(
    found: AppealableConflict, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.ask_review(session, found.subject, found.object, form.parse(ReviewPlea))
    return once.go_to(_page(found.object, lifecycle.ASK_REVIEW.word))


@router.form("/source-conflicts/{no}/reviews", again=conflict_page)
def review(
    found: ReviewableConflict, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    service.review(session, found.subject, found.object, form.parse(ReviewDecision))
    return once.go_to(_page(found.object, lifecycle.REVIEW.word))


def _page(conflict: SourceConflict, done: str) -> str:
    return f"{lifecycle.PAGE.format_map(conflict.told())}?done={done}"
