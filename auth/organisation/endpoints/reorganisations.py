"""HTTP of the acts by which departments are renamed, merged and split."""

from fastapi import APIRouter

from audit.receipts import receipt
from auth.departments import repository as departments
from auth.once import OnceDep
from auth.organisation.access import Browser, Reorganiser
from auth.organisation.schemas import ReorganisationList, ReorganisationRecorded
from auth.organisation.views.department import history
from auth.reorganisations import service as reorganising
from auth.reorganisations.schemas import ReorganisationRecord
from auth.succession.service import succession as succeeding
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["departments"], route_class=StrictRoute)


@router.get(
    "/reorganisations",
    operation_id="reorganisations_list",
    summary="Departments renamed, merged and split",
)
def list_reorganisations(subject: Browser, session: ReadSessionDep) -> ReorganisationList:
    """The newest first."""
    return ReorganisationList(items=history(session, departments.acts(session)))


@router.post(
    "/reorganisations",
    status_code=201,
    operation_id="reorganisations_record",
    summary="Record a merger or a split",
)
def record_reorganisation(
    body: ReorganisationRecord, subject: Reorganiser, session: SessionDep, once: OnceDep
) -> ReorganisationRecorded:
    act = reorganising.reorganise(session, subject, body)
    succeeding.open_after(session, subject, act)
    [shown] = history(session, [act])
    return once.keep(ReorganisationRecorded(**dict(shown), **receipt(session)))
