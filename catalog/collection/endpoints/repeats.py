"""HTTP of reports of repeated forms."""

from fastapi import APIRouter, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.collection import repository
from catalog.collection.access import (
    AnswerableRepeat,
    ReadableRepeat,
    RepeatLister,
    RepeatReporter,
)
from catalog.collection.models import RepeatedForm
from catalog.collection.schemas import RepeatAnswer, RepeatChanged, RepeatCreate, RepeatRead
from catalog.collection.service import repeats
from catalog.collection.views.repeats import read_models
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["collection"], route_class=StrictRoute)


@router.get(
    "/repeated-forms", operation_id="repeated_forms_list", summary="Reports of repeated forms"
)
def index(subject: RepeatLister, session: ReadSessionDep, wanted: PageDep) -> Page[RepeatRead]:
    rows, following = repository.repeats(session, subject, wanted)
    return Page(items=read_models(session, rows), next=following)


@router.post(
    "/repeated-forms",
    status_code=201,
    operation_id="repeated_forms_report",
    summary="Report a form that is asked for again and again",
)
def report(
    subject: RepeatReporter,
    body: RepeatCreate,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> RepeatChanged:
    made = repeats.report(session, subject, body, body.fields)
    return once.keep(_changed(session, made, response))


@router.get(
    "/repeated-forms/{no}",
    operation_id="repeated_forms_show",
    summary="Show a report of a repeated form",
)
def show(found: ReadableRepeat, session: ReadSessionDep, response: Response) -> RepeatRead:
    response.headers["ETag"] = etag(found.object.version)
    return read_models(session, [found.object])[0]


@router.post(
    "/repeated-forms/{no}/answers",
    status_code=201,
    operation_id="repeated_forms_answer",
    summary="Answer a report of a repeated form",
)
def answer(
    found: AnswerableRepeat,
    body: RepeatAnswer,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> RepeatChanged:
    made = repeats.answer(session, found.subject, found.object, body, version)
    return once.keep(_changed(session, made, response))


def _changed(session: SessionDep, made: RepeatedForm, response: Response) -> RepeatChanged:
    response.headers["ETag"] = etag(made.version)
    return RepeatChanged(**dict(read_models(session, [made])[0]), **receipt(session))
