"""Pages of assignments: the own ones, one, the board."""

from typing import Annotated

from fastapi import Query
from sqlmodel import Session
from starlette.responses import Response

from auth.departments.forms import with_codes
from auth.guard import is_allowed
from auth.once import OnceDep
from catalog.assignments.access import (
    AnswerableAssignment,
    Answerer,
    AssignmentLister,
    FillableAssignment,
    ReadableAssignment,
    SettleableAssignment,
    WantedDep,
    own,
)
from catalog.assignments.lifecycle.assignments import (
    ACCEPT,
    BIND,
    CLAIM,
    CLAIM_PARTLY,
    DESCRIBE,
    REFUSE,
    SETTLE_REST,
    TAKE_BACK,
)
from catalog.assignments.schemas.assignments import (
    AnswersWrite,
    AnswerWrite,
    EntryChoice,
    EntryOpen,
    Reassigning,
    WantedAssignments,
    WayWrite,
)
from catalog.assignments.service import answering, assigning, filling
from catalog.assignments.views.assignments import (
    AssignmentPage,
    AssignmentsPage,
    assignment_page,
    assignments_page,
)
from catalog.assignments.views.board import BoardPage, board_page
from catalog.assignments.words import Answer, AssignmentStatus
from policies.actions import Action
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.forms import Form, FormDep
from shuqiao.web.page_router import PageRouter
from shuqiao.web.paging import PageDep, PageRequest

router = PageRouter()
Done = Annotated[str, Query(max_length=20)]
_DONE = {Answer.CLAIMED: CLAIM, Answer.PARTLY: CLAIM_PARTLY, Answer.REFUSED: REFUSE}


@router.page("/assignments")
def index(
    subject: AssignmentLister,
    session: ReadSessionDep,
    wanted: PageDep,
    like: WantedDep,
    done: Annotated[int, Query(ge=0, le=1_000)] = 0,
) -> AssignmentsPage:
    """What is assigned to the own department; to all for the data administration."""
    may_answer = is_allowed(subject, Action.ASSIGNMENT_ANSWER, own(subject))
    return assignments_page(
        session, subject, wanted, like, Form(), may_answer=may_answer, done=done
    )


@router.page("/assignments/board")
def board(subject: AssignmentLister, session: ReadSessionDep, like: WantedDep) -> BoardPage:
    """Who is how far, and what nobody has."""
    return board_page(session, subject, like)


def bulk_again(session: Session, found: Answerer, form: Form) -> AssignmentsPage:
    like = WantedAssignments()
    return assignments_page(session, found.subject, PageRequest(), like, form, may_answer=True)


@router.form("/assignments/answers", again=bulk_again)
def answer_all(found: Answerer, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    """The same answer for those that are ticked."""
    rows = answering.answer_all(session, found.subject, form.parse(AnswersWrite))
    return once.go_to(f"/assignments?done={len(rows)}")


@router.page("/assignments/{no}")
def one(found: ReadableAssignment, session: ReadSessionDep, done: Done = "") -> AssignmentPage:
    """One assignment: what is expected, the answer, the way to the data."""
    return assignment_page(session, found, Form(), done)


@router.form("/assignments/{no}/answers", again=assignment_page)
def answer(
    found: AnswerableAssignment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    form = with_codes(session, form, of_departments=["rest_department"])
    body = form.parse(AnswerWrite)
    answering.answer(session, found.subject, found.object, body, version=form.version)
    return once.go_to(f"/assignments/{found.object.assignment_no}?done={_DONE[body.answer].word}")


@router.form("/assignments/{no}/reassignments", again=assignment_page)
def reassign(
    found: SettleableAssignment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Goes on with the new assignment."""
    form = with_codes(session, form, of_departments=["department"])
    code = form.parse(Reassigning).department
    made = assigning.reassign(session, found.subject, found.object, code, version=form.version)
    return once.go_to(f"/assignments/{made.assignment_no}?done=assigned")


@router.form("/assignments/{no}/acceptances", again=assignment_page)
def accept(
    found: SettleableAssignment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    step = SETTLE_REST if found.object.status is AssignmentStatus.PARTLY else ACCEPT
    assigning.accept(session, found.subject, found.object, version=form.version)
    return once.go_to(f"/assignments/{found.object.assignment_no}?done={step.word}")


@router.form("/assignments/{no}/withdrawals", again=assignment_page)
def take_back(
    found: SettleableAssignment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    assigning.take_back(session, found.subject, found.object, version=form.version)
    return once.go_to(f"/assignments/{found.object.assignment_no}?done={TAKE_BACK.word}")


@router.form("/assignments/{no}/way", again=assignment_page)
def describe(
    found: FillableAssignment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    body = form.parse(WayWrite)
    filling.describe(session, found.subject, found.object, body, version=form.version)
    return once.go_to(f"/assignments/{found.object.assignment_no}?done={DESCRIBE.word}")


@router.form("/assignments/{no}/entry", again=assignment_page)
def bind(found: FillableAssignment, session: SessionDep, form: FormDep, once: OnceDep) -> Response:
    code = form.parse(EntryChoice).code
    filling.bind(session, found.subject, found.object, code, version=form.version)
    return once.go_to(f"/assignments/{found.object.assignment_no}?done={BIND.word}")


@router.form("/assignments/{no}/entries", again=assignment_page)
def open_entry(
    found: FillableAssignment, session: SessionDep, form: FormDep, once: OnceDep
) -> Response:
    """Goes on with the draft."""
    body = form.parse(EntryOpen)
    entry = filling.open_entry(session, found.subject, found.object, body, version=form.version)
    return once.go_to(f"/resources/{entry.url_code}/edit")
