"""Whoever may read the lists: users of every department, as the catalogue."""

from typing import Annotated

from fastapi import Depends, Path

from auth.guard import may_at
from catalog.lists.models import LISTS
from catalog.lists.words import ListKind
from policies.actions import Action
from shuqiao.errors import NotFound
from shuqiao.subject import Subject

ListReader = Annotated[Subject, may_at(Action.LIST_READ, LISTS)]


def list_named(
    kind: Annotated[str, Path(max_length=20, description="responsibility, negative or demand")],
    _subject: ListReader,
) -> ListKind:
    """The list of an address, for whoever may read the lists."""
    if kind not in set(ListKind):
        raise NotFound
    return ListKind(kind)


NamedList = Annotated[ListKind, Depends(list_named)]
