"""HTTP of assignments: answered, settled, filled."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.assignments.access import (
    AnswerableAssignment,
    Answerer,
    AssignmentLister,
    FillableAssignment,
    ReadableAssignment,
    SettleableAssignment,
    WantedDep,
)
from catalog.assignments.models import Assignment
from catalog.assignments.repository import assignments as repository
from catalog.assignments.schemas.assignments import (
    AnswersWrite,
    AnswerWrite,
    AssignmentRead,
    AssignmentRecorded,
    AssignmentsRecorded,
    AssignmentSummary,
    BoardRead,
    EntryChoice,
    EntryOpen,
    Reassigning,
    WayWrite,
)
from catalog.assignments.service import answering, assigning, filling
from catalog.assignments.views.assignments import read_model, summaries
from catalog.assignments.views.board import read_board
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["assignments"], route_class=StrictRoute)


@router.get(
    "/assignments", operation_id="assignments_list", summary="List the assignments I may see"
)
def index(
    subject: AssignmentLister, session: ReadSessionDep, wanted: PageDep, like: WantedDep
) -> Page[AssignmentSummary]:
    rows, following = repository.page(session, subject, wanted, like)
    return Page(items=summaries(session, rows), next=following)


@router.get(
    "/assignments/board",
    operation_id="assignments_board",
    summary="Who is how far with claiming and filling",
)
def board(subject: AssignmentLister, session: ReadSessionDep, like: WantedDep) -> BoardRead:
    return read_board(session, subject, like)


@router.post(
    "/assignments/answers",
    status_code=201,
    operation_id="assignments_answer_all",
    summary="Give several assignments the same answer",
)
def answer_all(
    body: AnswersWrite, found: Answerer, session: SessionDep, once: OnceDep
) -> AssignmentsRecorded:
    """All of them, or none."""
    rows = answering.answer_all(session, found.subject, body)
    shown = summaries(session, [(row, row.status) for row in rows])
    return once.keep(AssignmentsRecorded(items=shown, **receipt(session)))


@router.get("/assignments/{no}", operation_id="assignments_show", summary="Show an assignment")
def show(found: ReadableAssignment, session: ReadSessionDep, response: Response) -> AssignmentRead:
    response.headers["ETag"] = etag(found.object.version)
    return read_model(session, found.object)


@router.post(
    "/assignments/{no}/answers",
    status_code=201,
    operation_id="assignments_answer",
    summary="Claim an assignment, in part, or not",
)
def answer(
    body: AnswerWrite,
    found: AnswerableAssignment,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> AssignmentRecorded:
    row = answering.answer(session, found.subject, found.object, body, version=version)
    return once.keep(_recorded(session, row, response))


@router.post(
    "/assignments/{no}/reassignments",
    status_code=201,
    operation_id="assignments_reassign",
    summary="Assign to another department what is not claimed",
)
def reassign(
    body: Reassigning,
    found: SettleableAssignment,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> AssignmentRecorded:
    """Gives the new assignment. Of a claim in part it is for the rest."""
    made = assigning.reassign(
        session, found.subject, found.object, body.department, version=version
    )
    return once.keep(_recorded(session, made, response))


@router.post(
    "/assignments/{no}/acceptances",
    status_code=201,
    operation_id="assignments_accept",
    summary="Accept that an assignment is not claimed",
)
def accept(
    found: SettleableAssignment,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> AssignmentRecorded:
    row = assigning.accept(session, found.subject, found.object, version=version)
    return once.keep(_recorded(session, row, response))


@router.post(
    "/assignments/{no}/withdrawals",
    status_code=201,
    operation_id="assignments_take_back",
    summary="Take an assignment back that is not answered",
)
def take_back(
    found: SettleableAssignment,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> AssignmentRecorded:
    row = assigning.take_back(session, found.subject, found.object, version=version)
    return once.keep(_recorded(session, row, response))


@router.put(
    "/assignments/{no}/way",
    operation_id="assignments_describe",
    summary="Say duty, matter, system and table of what is claimed",
)
def describe(
    body: WayWrite,
    found: FillableAssignment,
    version: IfMatchDep,
    session: SessionDep,
    response: Response,
) -> AssignmentRecorded:
    row = filling.describe(session, found.subject, found.object, body, version=version)
    return _recorded(session, row, response)


@router.put(
    "/assignments/{no}/entry",
    operation_id="assignments_bind",
    summary="Name the entry that fills an assignment",
)
def bind(
    body: EntryChoice,
    found: FillableAssignment,
    version: IfMatchDep,
    session: SessionDep,
    response: Response,
) -> AssignmentRecorded:
    row = filling.bind(session, found.subject, found.object, body.code, version=version)
    return _recorded(session, row, response)


@router.post(
    "/assignments/{no}/entries",
    status_code=201,
    operation_id="assignments_open_entry",
    summary="Begin the entry that fills an assignment",
)
def open_entry(
    body: EntryOpen,
    found: FillableAssignment,
    version: IfMatchDep,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> AssignmentRecorded:
    """A draft with title, items, element and upper code of the line."""
    filling.open_entry(session, found.subject, found.object, body, version=version)
    return once.keep(_recorded(session, found.object, response))


def _recorded(session: Session, row: Assignment, response: Response) -> AssignmentRecorded:
    response.headers["ETag"] = etag(row.version)
    return AssignmentRecorded(**dict(read_model(session, row)), **receipt(session))
