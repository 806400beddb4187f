"""HTTP of the data role: the granted data as a file, for whoever brings a ticket from the pages."""

from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from exchange.deliveries.access import TicketHolder
from exchange.deliveries.service.files import MEDIA_TYPES, FileChunks
from exchange.deliveries.service.opening import opened
from exchange.deliveries.service.plans import mask_keys
from exchange.deliveries.service.recording import EndRecorder
from exchange.deliveries.service.stream import GovernedStream
from exchange.deliveries.service.watcher import Watcher
from exchange.deliveries.words import EndReason, Face
from shuqiao.db import ReadSessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["data"], route_class=StrictRoute)


# A page's form is sent here: no operation for programs, who fetch the Arrow stream.
@router.post("/grants/{no}/file", response_class=Response, include_in_schema=False)
def file(found: TicketHolder, session: ReadSessionDep, request: Request) -> Response:
    """The ticket says who it is and which kind of file."""
    watcher: Watcher = request.app.state.watcher
    subject, grant, face = found.subject, found.grant, found.face
    made = opened(session, subject, grant, Face(face.value), watcher.places)
    name = f"{grant.resource_title}-{made.started.delivery_no}"
    chunks = FileChunks(
        made.plan,
        mask_keys(made.plan),
        watcher.places,
        made.edition_no,
        partial(made.watched.stop, EndReason.TOO_SLOW),
        face=face,
        title=grant.resource_title,
    )
    disposition = (
        f'attachment; filename="{made.started.delivery_no}.{face.value}";'
        f" filename*=UTF-8''{quote(f'{name}.{face.value}', safe='')}"
    )
    return GovernedStream(
        chunks,
        watcher,
        watcher.watch(made.watched),
        EndRecorder(subject, made.started.delivery_id),
        headers={**made.headers(), "content-disposition": disposition},
        media_type=MEDIA_TYPES[face],
    )
