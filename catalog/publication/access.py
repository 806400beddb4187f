"""Entries that somebody decides on, locked."""

from typing import Annotated

from auth.guard import Authorized, may
from catalog.resources.access import in_work
from catalog.resources.models import DataResource
from policies.actions import Action

ConsentableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_CONSENT, in_work)]
ReviewableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_REVIEW, in_work)]
