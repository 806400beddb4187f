"""HTTP of the data role: the granted data. Kept apart, so that the control role never loads the
engine.
"""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from exchange.deliveries.errors import NotAcceptable, PartRefused
from exchange.deliveries.schemas import MEDIA_TYPE
from exchange.deliveries.service.chunks import ArrowChunks
from exchange.deliveries.service.opening import Opened, opened
from exchange.deliveries.service.plans import mask_keys
from exchange.deliveries.service.recording import EndRecorder
from exchange.deliveries.service.stream import GovernedStream
from exchange.deliveries.service.watcher import Watcher
from exchange.deliveries.words import EndReason, Face
from exchange.grants.access import FetchableGrant
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
    watcher: Watcher = request.app.state.watcher
    subject, grant = found.subject, found.object
    made = opened(session, subject, grant, Face.ARROW, watcher.places, column)
    return GovernedStream(
        ArrowChunks(
            made.plan,
            mask_keys(made.plan),
            watcher.places,
            made.edition_no,
            partial(made.watched.stop, EndReason.TOO_SLOW),
        ),
        watcher,
        watcher.watch(made.watched),
        EndRecorder(subject, made.started.delivery_id),
        headers=_headers(made),
    )


def _headers(made: Opened) -> dict[str, str]:
    """Of the one fetch, but for the edition and the tag, which are of the bytes: the receipt at
    their end names the edition.
    """
    tag = made.plan.etag(f"{MEDIA_TYPE};edition={made.edition_no}")
    return {**({"etag": tag} if tag else {}), **made.headers()}
