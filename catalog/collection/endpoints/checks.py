"""HTTP of checks before collecting."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.collection import repository
from catalog.collection.access import (
    CheckLister,
    CheckMaker,
    EditableCheck,
    Position,
    ReadableCheck,
)
from catalog.collection.forms import names_in
from catalog.collection.models import CollectionCheck
from catalog.collection.schemas import (
    CheckChanged,
    CheckCreate,
    CheckHead,
    CheckRead,
    CheckSummary,
    FieldCorrect,
)
from catalog.collection.service import checking
from catalog.collection.views.checks import read_model, summaries
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.bodies import FILE_BODY, FileDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.paging import Page, PageDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["collection"], route_class=StrictRoute)


@router.get(
    "/collection-checks",
    operation_id="collection_checks_list",
    summary="Checks before collecting",
)
def index(subject: CheckLister, session: ReadSessionDep, wanted: PageDep) -> Page[CheckSummary]:
    rows, following = repository.page(session, subject, wanted)
    return Page(items=summaries(session, rows), next=following)


@router.post(
    "/collection-checks",
    status_code=201,
    operation_id="collection_checks_make",
    summary="Check the fields of a form before collecting",
)
def make(
    subject: CheckMaker,
    body: CheckCreate,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> CheckChanged:
    head = CheckHead(title=body.title, kind=body.kind)
    made = checking.make(session, subject, head, body.fields)
    return once.keep(_changed(session, made, response))


@router.post(
    "/collection-checks/files",
    status_code=201,
    operation_id="collection_checks_make_of_file",
    summary="Check the fields that a file names before collecting",
    openapi_extra=FILE_BODY,
)
def make_of_file(
    subject: CheckMaker,
    head: Annotated[CheckHead, Query()],
    file: FileDep,
    once: OnceDep,
    session: SessionDep,
    response: Response,
) -> CheckChanged:
    names = names_in(file)  # decoding holds no connection
    once.take(repr((head.title, head.kind, names)).encode())
    return once.keep(_changed(session, checking.make(session, subject, head, names), response))


@router.get(
    "/collection-checks/{no}",
    operation_id="collection_checks_show",
    summary="Show a check with its answers",
)
def show(found: ReadableCheck, session: ReadSessionDep, response: Response) -> CheckRead:
    response.headers["ETag"] = etag(found.object.version)
    return read_model(session, found.object)


@router.put(
    "/collection-checks/{no}/fields/{position}",
    operation_id="collection_checks_correct",
    summary="Correct the answer of a field",
)
def correct(
    found: EditableCheck,
    position: Position,
    body: FieldCorrect,
    session: SessionDep,
    version: IfMatchDep,
    response: Response,
) -> CheckChanged:
    made = checking.correct(session, found.subject, found.object, position, body, version)
    return _changed(session, made, response)


@router.post(
    "/collection-checks/{no}/conclusions",
    status_code=201,
    operation_id="collection_checks_conclude",
    summary="Conclude a check",
)
def conclude(
    found: EditableCheck,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> CheckChanged:
    made = checking.conclude(session, found.subject, found.object, version)
    return once.keep(_changed(session, made, response))


def _changed(session: SessionDep, made: CollectionCheck, response: Response) -> CheckChanged:
    response.headers["ETag"] = etag(made.version)
    return CheckChanged(**dict(read_model(session, made)), **receipt(session))
