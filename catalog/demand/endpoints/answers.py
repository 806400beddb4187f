"""HTTP of what is answered to demands, and of refusals that are contested."""

from fastapi import APIRouter, Response
from sqlmodel import Session

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.demand.access import AnswerableDemand, ContestableDemand, SettleableDemand
from catalog.demand.models import Demand
from catalog.demand.schemas import AnswerCreate, DemandReason, DemandRecorded, DemandSettle
from catalog.demand.service import replying
from catalog.demand.views.reading import read_model
from shuqiao.db import SessionDep
from shuqiao.web.etags import IfMatchDep, etag
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["demands"], route_class=StrictRoute)


@router.post(
    "/demands/{no}/answers",
    status_code=201,
    operation_id="demands_answer",
    summary="Answer a demand: shared, to be collected, another department's, or refused by law",
)
def answer(
    found: AnswerableDemand,
    body: AnswerCreate,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> DemandRecorded:
    done = replying.answer(session, found.subject, found.object, body, version)
    return once.keep(recorded(session, done, response))


@router.post(
    "/demands/{no}/contests",
    status_code=201,
    operation_id="demands_contest",
    summary="Contest the refusal of a demand",
)
def contest(
    found: ContestableDemand,
    body: DemandReason,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> DemandRecorded:
    done = replying.contest(session, found.subject, found.object, body.reason, version)
    return once.keep(recorded(session, done, response))


@router.post(
    "/demands/{no}/settlements",
    status_code=201,
    operation_id="demands_settle",
    summary="Say what comes of the mediation about a refusal",
)
def settle(
    found: SettleableDemand,
    body: DemandSettle,
    session: SessionDep,
    version: IfMatchDep,
    once: OnceDep,
    response: Response,
) -> DemandRecorded:
    done = replying.settle(session, found.subject, found.object, body, version)
    return once.keep(recorded(session, done, response))


def recorded(session: Session, demand: Demand, response: Response) -> DemandRecorded:
    """The demand after a step, with its version and the receipt of the event."""
    response.headers["ETag"] = etag(demand.version)
    return DemandRecorded(**dict(read_model(session, demand)), **receipt(session))
