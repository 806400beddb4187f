"""HTTP of the data role: the granted data. Kept apart, so that the control role never loads the
engine.
"""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from sqlmodel import Session

from exchange.deliveries.errors import (
    ColumnNotGranted,
    EditionCleared,
    ItemsSuspended,
    NotAcceptable,
    PartRefused,
    PlanDrifted,
    SourceAway,
)
from exchange.deliveries.schemas import MEDIA_TYPE
from exchange.deliveries.service import recording
from exchange.deliveries.service.chunks import ArrowChunks
from exchange.deliveries.service.plans import (
    Compiled,
    check_source,
    compile_grant,
    mask_keys,
    part_of,
    source_stands,
    stopped_of,
)
from exchange.deliveries.service.stream import GovernedStream
from exchange.deliveries.service.watcher import Watched, Watcher
from exchange.deliveries.words import EndReason
from exchange.grants import repository as grants
from exchange.grants.access import FetchableGrant
from exchange.grants.errors import GrantNotLive
from exchange.grants.models import ShareGrant
from exchange.grants.service.granting import is_live
from exchange.grants.words import GrantStatus
from shuqiao.arrow.connectors.causes import ConnectorFailed
from shuqiao.arrow.connectors.live import LiveRelation, RelationChanged
from shuqiao.arrow.scans.places import NoPlace, Places
from shuqiao.arrow.scans.plan import DeliveryPlan, PlanRefused
from shuqiao.arrow.snapshots.manifest import SnapshotDamaged
from shuqiao.arrow.terms.filters import FilterRefused
from shuqiao.arrow.terms.mask_parameters import MaskRefused
from shuqiao.db import ReadSessionDep
from shuqiao.subject import Subject
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
    watcher: Watcher = request.app.state.watcher
    session.expunge(
        grant
    )  # kept as read: what is recorded below has connections of its own, never two at once
    session.rollback()
    try:
        compiled, plan = _planned(session, grant, column, watcher.places)
    except ConnectorFailed as failed:
        session.rollback()
        away = SourceAway(**failed.facts)
        recording.refuse(subject, grant, away)
        raise away from None
    except (
        GrantNotLive,
        PlanDrifted,
        ColumnNotGranted,
        ItemsSuspended,
        NoPlace,
        SnapshotDamaged,
    ) as refusal:
        session.rollback()
        recording.refuse(subject, grant, refusal)
        raise
    started = _started(subject, grant, plan, compiled.edition_no)
    watched = Watched(started.delivery_id, compiled.proof, partial(source_stands, plan))
    return GovernedStream(
        ArrowChunks(
            plan,
            mask_keys(plan),
            watcher.places,
            compiled.edition_no,
            partial(watched.stop, EndReason.TOO_SLOW),
        ),
        watcher,
        watcher.watch(watched),
        recording.EndRecorder(subject, started.delivery_id),
        headers=_headers(plan, compiled.edition_no, started),
    )


def _planned(
    session: Session, grant: ShareGrant, columns: list[str] | None, places: Places
) -> tuple[Compiled, DeliveryPlan]:
    """The plan of the grant, and the part of it that is asked for, its source looked at."""
    if grant.standing is GrantStatus.SUSPENDED:
        raise ItemsSuspended(stopped_of(session, grant, grants.items(session, grant)))
    if not is_live(grant):
        raise GrantNotLive(grant.standing)
    compiled = _compiled(session, grant)
    plan = part_of(compiled, columns)
    # A database of the provider may take its time: nothing of ours is held meanwhile.
    session.rollback()
    _check(plan, places)
    return compiled, plan


def _started(
    subject: Subject, grant: ShareGrant, plan: DeliveryPlan, edition_no: int | None
) -> recording.Started:
    """Raises ``EditionCleared`` or ``SnapshotDamaged``, recorded."""
    try:
        return recording.start(subject, grant, plan, face="arrow", edition_no=edition_no)
    except (EditionCleared, SnapshotDamaged) as refusal:
        recording.refuse(subject, grant, refusal)
        raise


def _compiled(session: Session, grant: ShareGrant) -> Compiled:
    """The plan, held against what was proved.

    Raises ``PlanDrifted``, ``ItemsSuspended``, ``ConnectorFailed``.
    """
    try:
        compiled = compile_grant(session, grant)
    except (PlanRefused, FilterRefused, MaskRefused):  # other columns than the ones proved
        raise PlanDrifted from None
    if compiled.proof != grant.plan_fingerprint:
        raise PlanDrifted
    return compiled


def _headers(
    plan: DeliveryPlan, edition_no: int | None, started: recording.Started
) -> dict[str, str]:
    """Of the one fetch, but for the edition and the tag, which are of the bytes: the receipt at
    their end names the edition.
    """
    tag = plan.etag(f"{MEDIA_TYPE};edition={edition_no}")
    return {
        **({"etag": tag} if tag else {}),
        **({"shuqiao-edition": str(edition_no)} if edition_no is not None else {}),
        "accept-ranges": "none",
        "shuqiao-delivery": started.delivery_no,
        **started.recorded.headers,
    }


def _check(plan: DeliveryPlan, places: Places) -> None:
    """Raises ``PlanDrifted``, ``ConnectorFailed``, ``NoPlace``."""
    if not plan.is_ready:
        places.check_room()
    if not isinstance(plan.source, LiveRelation):
        return
    try:
        with places.asking(plan.source.connection.owner):
            check_source(plan)
    except RelationChanged:
        raise PlanDrifted from None
