"""Whoever may read the lists: users of every department, as the catalogue."""

from typing import Annotated

from auth.guard import may_at
from catalog.lists.models import LISTS
from policies.actions import Action
from shuqiao.subject import Subject

ListReader = Annotated[Subject, may_at(Action.LIST_READ, LISTS)]
