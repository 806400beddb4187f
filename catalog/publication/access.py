"""Entries that somebody decides on, locked."""

from typing import Annotated

from auth.guard import Authorized, may
from catalog.resources.access import by_code
from catalog.resources.models import DataResource
from policies.actions import Action

ConsentableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_CONSENT, by_code)]
ReviewableResource = Annotated[Authorized[DataResource], may(Action.RESOURCE_REVIEW, by_code)]
