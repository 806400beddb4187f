"""HTTP of attaching a table of a connected database."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from audit.receipts import receipt
from auth.guard import Authorized, authorize, may
from auth.once import OnceDep
from catalog.attachments.schemas import AttachmentChanged, AttachmentRead, RelationAttach
from catalog.attachments.service import tables
from catalog.connections import service as connections
from catalog.connections.access import owned_by_alias
from catalog.connections.schemas import Looked
from catalog.resources.access import by_code, glanced_by_code
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.db import SessionDep
from shuqiao.subject import Subject
from shuqiao.web.examples import Example, example
from shuqiao.web.strict_route import StrictRoute

router = APIRouter(tags=["resources"], route_class=StrictRoute)

_TABLE: Final = {"alias": "edu", "schema_name": "public", "table_name": "school"}


class Found(BaseModel, arbitrary_types_allowed=True):
    """A table to attach and the connection it is read through."""

    connection: Connection
    looked: Looked


def looked_at(
    body: RelationAttach,
    glanced: Annotated[Authorized[DataResource], may(Action.RESOURCE_ATTACH, glanced_by_code)],
) -> Found:
    """The table of the body, looked at before any connection of ours is taken."""
    return find(glanced.subject, body)


def find(subject: Subject, body: RelationAttach) -> Found:
    """The connection, if the subject may use it, and the table as it is now."""
    used = owned_by_alias(body.alias)
    authorize(subject, Action.CONNECTION_USE, used)
    return Found(
        connection=used.connection,
        looked=connections.look_at(used.connection, body.schema_name, body.table_name),
    )


@router.post(
    "/resources/{code}/attachments/connections",
    status_code=201,
    operation_id="resources_attach_table",
    summary="Attach a table of my department's database",
)
@example(
    Example(
        world="connected",
        who="registrar",
        success=201,
        visibility="owner",
        forbidden="head",
        stranger="applicant",
        path={"code": lambda world: world.resource_code},
        event="catalog:resource:attached",
        body=lambda _world: {**_TABLE, "is_live": True},
    )
)
def attach_relation(
    body: RelationAttach,
    code: str,
    glanced: Annotated[Authorized[DataResource], may(Action.RESOURCE_ATTACH, glanced_by_code)],
    found: Annotated[Found, Depends(looked_at)],
    once: OnceDep,
    session: SessionDep,
    response: Response,
) -> AttachmentChanged:
    resource = by_code(code, session)
    subject = authorize(glanced.subject, Action.RESOURCE_ATTACH, resource)
    row = tables.attach(
        session, subject, resource, found.connection, found.looked, is_live=body.is_live
    )
    response.headers["Location"] = f"/api/v1/resources/{resource.url_code}/attachments/{row.id}"
    return once.keep(AttachmentChanged(**dict(AttachmentRead.of(row)), **receipt(session)))
