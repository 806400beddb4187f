"""HTTP of attaching a table of a connected database."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from audit.receipts import receipt
from auth.once import OnceDep
from catalog.attachments.access import AttachableResource, FoundTable, found_table, locked
from catalog.attachments.schemas import AttachmentChanged, AttachmentRead, RelationAttach
from catalog.attachments.service import tables
from shuqiao.db import SessionDep
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)


def looked_at(
    body: RelationAttach,
    glanced: AttachableResource,
) -> FoundTable:
    """The table of the body, looked at before any connection of ours is taken."""
    return found_table(glanced.subject, body)


@router.post(
    "/resources/{code}/attachments/connections",
    status_code=201,
    operation_id="resources_attach_table",
    summary="Attach a table of my department's database",
)
def attach_relation(
    body: RelationAttach,
    code: str,
    glanced: AttachableResource,
    table: Annotated[FoundTable, Depends(looked_at)],
    once: OnceDep,
    session: SessionDep,
    response: Response,
) -> AttachmentChanged:
    found = locked(session, glanced, code)
    row = tables.attach(
        session, found.subject, found.object, table.connection, table.looked, is_live=body.is_live
    )
    url_code = found.object.url_code
    response.headers["Location"] = f"/api/v1/resources/{url_code}/attachments/{row.id}"
    return once.keep(AttachmentChanged(**dict(AttachmentRead.of(row)), **receipt(session)))
