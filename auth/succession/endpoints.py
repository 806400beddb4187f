"""HTTP of successions."""

from fastapi import APIRouter

from audit.receipts import receipt
from auth.once import OnceDep
from auth.succession.access import NameableSuccession, ReadableSuccession
from auth.succession.schemas import SuccessionRead, SuccessionRecorded, SuccessorNaming
from auth.succession.service import succession as succeeding
from auth.succession.views import read_model
from shuqiao.db import ReadSessionDep, SessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["departments"], route_class=StrictRoute)


@router.get(
    "/reorganisations/{act_no}/succession",
    operation_id="succession_show",
    summary="What ended departments hold after an act, and who takes it over",
)
def show(found: ReadableSuccession, session: ReadSessionDep) -> SuccessionRead:
    return read_model(session, found.object.act)


@router.post(
    "/reorganisations/{act_no}/succession",
    status_code=201,
    operation_id="succession_name",
    summary="Name the successor of what an ended department holds",
)
def name(
    body: SuccessorNaming, found: NameableSuccession, session: SessionDep, once: OnceDep
) -> SuccessionRecorded:
    act = found.object.act
    succeeding.name(session, found.subject, act, found.object.open, body)
    return once.keep(SuccessionRecorded(**dict(read_model(session, act)), **receipt(session)))
