"""HTTP of the data role: the granted data. Kept apart, so that the control role never loads the
engine.
"""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from exchange.deliveries.errors import (
    ColumnNotGranted,
    NotAcceptable,
    PartRefused,
    PlanDrifted,
    SourceAway,
)
from exchange.deliveries.schemas import MEDIA_TYPE
from exchange.deliveries.service import recording
from exchange.deliveries.service.chunks import ArrowChunks
from exchange.deliveries.service.plans import check_source, compile_plan, mask_keys, part_of
from exchange.deliveries.service.stream import GovernedStream
from exchange.grants.access import FetchableGrant
from exchange.grants.errors import GrantNotLive
from exchange.grants.service import is_live
from shuqiao.arrow.connectors.causes import ConnectorFailed
from shuqiao.arrow.connectors.live import RelationChanged
from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.db import ReadSessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["data"], route_class=StrictRoute)


@router.get(
    "/grants/{no}/data",
    operation_id="grants_data",
    summary="Fetch the granted data as an Arrow stream",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}},
)
def data(
    found: FetchableGrant,
    session: ReadSessionDep,
    request: Request,
    column: Annotated[
        list[str] | None, Query(max_length=200, description="Only these granted columns")
    ] = None,
    accept: Annotated[str, Header()] = "*/*",
) -> Response:
    """A plain ``def``: its session is closed before the first byte, and
    no connection is held while bytes stream.
    """
    if not any(kind in accept for kind in (MEDIA_TYPE, "*/*", "application/*")):
        raise NotAcceptable
    if "range" in request.headers:
        raise PartRefused
    subject, grant = found.subject, found.object
    session.expunge(
        grant
    )  # kept as read: what is recorded below has connections of its own, never two at once
    session.rollback()
    try:
        if not is_live(grant):
            raise GrantNotLive(grant.standing)
        plan = compile_plan(session, grant)
        if plan.fingerprint() != grant.plan_fingerprint:
            raise PlanDrifted
        plan = part_of(plan, column)
        # A database of the provider may take its time: nothing of ours is held meanwhile.
        session.rollback()
        _check(plan)
    except ConnectorFailed as failed:
        session.rollback()
        away = SourceAway(**failed.facts)
        recording.refuse(subject, grant, away)
        raise away from None
    except (GrantNotLive, PlanDrifted, ColumnNotGranted) as refusal:
        session.rollback()
        recording.refuse(subject, grant, refusal)
        raise
    started = recording.start(subject, grant, plan, face="arrow")
    watcher = request.app.state.watcher
    return GovernedStream(
        ArrowChunks(plan, mask_keys(plan)),
        watcher,
        watcher.watch(started.delivery_id),
        recording.EndRecorder(subject, started.delivery_id),
        headers=_headers(plan, started),
        slots=watcher.slots(plan),
    )


def _headers(plan: DeliveryPlan, started: recording.Started) -> dict[str, str]:
    """Of the one fetch, but for the tag, which is that of the bytes."""
    tag = plan.etag(MEDIA_TYPE)
    return {
        **({"etag": tag} if tag else {}),
        "accept-ranges": "none",
        "shuqiao-delivery": started.delivery_no,
        "shuqiao-event-id": str(started.recorded.event_id),
        "shuqiao-leaf-hash": started.recorded.leaf_hash,
    }


def _check(plan: DeliveryPlan) -> None:
    try:
        check_source(plan)
    except RelationChanged:
        raise PlanDrifted from None
