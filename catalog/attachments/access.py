"""From the address to the resource somebody attaches to, to a file of it, to a table.

Decoding a file or asking another database takes its time and holds no connection of ours. So the
guard is asked about what is glanced at before, and once more when the resource is locked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlmodel import Session
from starlette.requests import Request

from auth.guard import Authorized, authorize, may
from catalog.attachments import repository
from catalog.attachments.models import Attachment
from catalog.attachments.schemas import RelationAttach
from catalog.attachments.service import rooms
from catalog.connections import service as connections
from catalog.connections.access import owned_by_alias
from catalog.connections.schemas import Looked
from catalog.resources.access import glanced_in_work, in_work, seen_in_work
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.arrow.connectors.registered import Connection
from shuqiao.db import reading
from shuqiao.errors import NotFound
from shuqiao.subject import Subject
from shuqiao.web.bodies import ROOM
from shuqiao.web.parts import announced_bytes

#: As it is now, without a session kept open: for routes that decode before they change.
AttachableResource = Annotated[
    Authorized[DataResource], may(Action.RESOURCE_ATTACH, glanced_in_work)
]
AttachableResourceSeen = Annotated[
    Authorized[DataResource], may(Action.RESOURCE_ATTACH, seen_in_work)
]


def room(request: Request, glanced: AttachableResource) -> Iterator[None]:
    """Room for the file of this request, before a byte of it is read, until the answer is out.

    Stands between the guard and the file. Raises ``QuotaReached``.
    """
    size = announced_bytes(request.headers)
    with rooms.reserved(glanced.object.provider_id, size) as reserved:
        setattr(request.state, ROOM, reserved)
        yield


RoomDep = Annotated[None, Depends(room)]


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table to attach and the connection it is read through."""

    connection: Connection
    looked: Looked


def glanced_file(resource: DataResource, attachment_id: UUID) -> Attachment:
    """The attached file as it is now, read in a session of its own. Raises ``NotFound``."""
    with reading() as session:
        found = repository.attachment(session, resource.id, attachment_id)
        if found is None:
            raise NotFound
        session.expunge(found)
        return found


def locked(
    session: Session, glanced: Authorized[DataResource], code: str
) -> Authorized[DataResource]:
    """What was glanced at, locked, as it is now, for whoever may still attach to it."""
    resource = in_work(code, session, glanced.subject)
    return Authorized(authorize(glanced.subject, Action.RESOURCE_ATTACH, resource), resource)


def locked_file(
    session: Session, glanced: Authorized[DataResource], code: str, attachment_id: UUID
) -> tuple[Authorized[DataResource], Attachment]:
    """The same with one of its files. Raises ``NotFound``."""
    found = locked(session, glanced, code)
    row = repository.attachment(session, found.object.id, attachment_id)
    if row is None:
        raise NotFound
    return found, row


def found_table(subject: Subject, body: RelationAttach) -> FoundTable:
    """The connection, if the subject may use it, and the table as it is now."""
    used = owned_by_alias(body.alias)
    authorize(subject, Action.CONNECTION_USE, used)
    return FoundTable(
        connection=used.connection,
        looked=connections.look_at(used.connection, body.schema_name, body.table_name),
    )
