"""From an alias to the connection, for those whose department owns it."""

from typing import Annotated, Final

from fastapi import Path

from auth.guard import Authorized, Place, may, may_at
from catalog.connections import service
from catalog.connections.schemas import OwnedConnection
from policies.actions import Action
from shuqiao.db import reading
from shuqiao.subject import Subject

CONNECTIONS: Final = Place("Connections", "connections")

Alias = Annotated[str, Path(min_length=1, max_length=40)]


def owned_by_alias(alias: Alias) -> OwnedConnection:
    """The connection of the address, read without keeping a session open."""
    with reading() as session:
        return service.owned(session, alias)


ConnectionsReader = Annotated[Subject, may_at(Action.CONNECTION_READ, CONNECTIONS)]
UsedConnection = Annotated[Authorized[OwnedConnection], may(Action.CONNECTION_USE, owned_by_alias)]
