"""HTTP of causes: whom one would reach, recording it once for all, and reading it."""

from typing import Annotated

from fastapi import APIRouter, Query

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.updates import service
from catalog.updates.access import CauseRecorder, ReadableCause
from catalog.updates.repository.reach import Wanted
from catalog.updates.schemas import CauseCreate, CauseRead, CauseRecorded, Reached
from catalog.updates.views.causes import cause_read, preview
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["change events"], route_class=StrictRoute)

Code = Annotated[str, Query(max_length=40)]


@router.get(
    "/update-causes/reach",
    operation_id="update_causes_reach",
    summary="Which published entries a cause would reach",
)
def reach(
    subject: CauseRecorder,
    session: ReadSessionDep,
    basis: Annotated[str, Query(max_length=200, description="Text of the legal basis")] = "",
    duty: Annotated[str, Query(max_length=40, description="Number of a duty")] = "",
    element: Annotated[str, Query(max_length=40, description="Identifier of an element")] = "",
    department: Annotated[str, Query(max_length=18, description="Code of a department")] = "",
    code: Annotated[
        list[Code] | None, Query(max_length=200, description="Codes of entries, in addition")
    ] = None,
) -> Reached:
    wanted = Wanted(basis.strip(), duty, element, department, tuple(code or ()))
    return preview(session, subject, wanted) if wanted else Reached(items=[], has_more=False)


@router.post(
    "/update-causes",
    status_code=201,
    operation_id="update_causes_record",
    summary="Record a cause once for all the entries that it concerns",
)
def record(
    subject: CauseRecorder, body: CauseCreate, session: SessionDep, once: OnceDep
) -> CauseRecorded:
    cause, _opened = service.record_cause(session, subject, body)
    return once.keep(CauseRecorded(**dict(cause_read(session, cause)), **receipt(session)))


@router.get(
    "/update-causes/{no}", operation_id="update_causes_show", summary="Show a cause of updates"
)
def show(found: ReadableCause, session: ReadSessionDep) -> CauseRead:
    return cause_read(session, found.object)
