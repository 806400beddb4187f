"""What the negative list says of the items of entries and working copies."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from catalog.negative import service as negative
from catalog.negative.checks import basis_of
from catalog.negative.models import NegativeEntry
from catalog.registration.checks.bases import Listed, ListFacts
from catalog.resources import repository as resources
from catalog.resources.models import DataResource


def listed(session: Session, rows: Sequence[DataResource]) -> Mapping[UUID, ListFacts]:
    """What strikes their items, what strikes the same datum elsewhere, and which of their own bases
    have ended; by the id of the row.
    """
    items = resources.items_of_all(session, {row.id for row in rows})
    struck = negative.strikes(session, rows, items)
    elsewhere = negative.elsewhere(session, rows, items)
    ended = negative.ended(session, rows)
    return {
        row.id: ListFacts(
            struck=_told(struck[row.id]),
            elsewhere=_told(elsewhere[row.id]),
            ended={basis: _listed(entry) for basis, entry in ended[row.id].items()},
        )
        for row in rows
    }


def _told(found: Mapping[UUID, Sequence[NegativeEntry]]) -> Mapping[UUID, Sequence[Listed]]:
    return {item_id: [_listed(each) for each in entries] for item_id, entries in found.items()}


def _listed(entry: NegativeEntry) -> Listed:
    return Listed(entry.entry_no, basis_of(entry))
