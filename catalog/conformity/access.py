"""From the address to what is checked: counts for whoever reads the entry, values for whoever
attaches its data.
"""

from typing import Annotated

from auth.guard import Authorized, may
from catalog.editions.access import ReadableEdition, sees_all, to_read
from catalog.editions.models import Edition
from catalog.resources.access import ReadableInWork, seen_in_work
from catalog.resources.models import DataResource
from policies.actions import Action
from shuqiao.errors import NotFound

__all__ = ["AttachedEdition", "AttachedInWork", "ReadableEdition", "ReadableInWork", "shown"]
AttachedEdition = Annotated[Authorized[Edition], may(Action.RESOURCE_ATTACH, to_read)]
AttachedInWork = Annotated[Authorized[DataResource], may(Action.RESOURCE_ATTACH, seen_in_work)]


def shown(found: Authorized[Edition]) -> Edition:
    """The edition; one that never was current is there for the registrars of the provider alone.
    Raises ``NotFound``.
    """
    edition = found.object
    if edition.current_from is None and not sees_all(found.subject, edition.resource):
        raise NotFound
    return edition
