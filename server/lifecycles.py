"""The life cycles of every kind of case, for who tells of all of them."""

from typing import Any, Final

from auth.seats import lifecycle as seats
from auth.steps import Lifecycle
from auth.succession import lifecycle as succession
from catalog.assignments.lifecycle import assignments, templates
from catalog.collection.lifecycle import checks as collection_checks
from catalog.collection.lifecycle import repeats as repeated_forms
from catalog.conflicts import lifecycle as conflicts
from catalog.demand.lifecycle import ending as demands
from catalog.editions import lifecycle as editions
from catalog.negative import lifecycle as negative
from catalog.proposals import lifecycle as proposals
from catalog.resources import lifecycle as resources
from catalog.sources import lifecycle as sources
from catalog.systems import lifecycle as systems
from catalog.updates import lifecycle as updates
from exchange.consultations import lifecycle as consultations
from exchange.deliveries import lifecycle as deliveries
from exchange.grants import lifecycle as grants
from exchange.requests import lifecycle as requests

#: In the way of the data.
LIFECYCLES: Final[tuple[Lifecycle[Any], ...]] = (
    seats.LIFECYCLE,
    succession.LIFECYCLE,
    proposals.LIFECYCLE,
    systems.LIFECYCLE,
    systems.RETURN,
    systems.CENSUS,
    collection_checks.LIFECYCLE,
    repeated_forms.LIFECYCLE,
    resources.LIFECYCLE,
    sources.CLAIM,
    sources.COUNTERSIGN,
    conflicts.LIFECYCLE,
    negative.ENTRIES,
    negative.CONTESTS,
    updates.LIFECYCLE,
    editions.LIFECYCLE,
    demands.LIFECYCLE,
    templates.TEMPLATE,
    assignments.ASSIGNMENT,
    requests.LIFECYCLE,
    grants.LIFECYCLE,
    consultations.LIFECYCLE,
    consultations.FILING_LIFECYCLE,
    deliveries.LIFECYCLE,
)
