"""Entries whose items are bound: by whoever edits them."""

from typing import Annotated

from auth.guard import Authorized, may
from catalog.resources.access import in_work, seen_in_work
from catalog.resources.models import DataResource
from policies.actions import Action

BindableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, in_work)]
BindableResourceSeen = Annotated[Authorized[DataResource], may(Action.RESOURCE_EDIT, seen_in_work)]
