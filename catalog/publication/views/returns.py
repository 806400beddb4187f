"""Tells the registrar's pages why an entry came back: the remark of the
last return, and the entry as it was then.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session

from catalog.publication.repository import reviews as repository
from catalog.registration.views.returns import Returned


def last_returns(session: Session, resource_ids: Iterable[UUID]) -> dict[UUID, Returned]:
    """The last return of each resource that was returned."""
    return {
        row.resource_id: Returned(row.step, row.remark, name, row.reviewed_at, row.entry)
        for row, name in repository.returns(session, resource_ids)
    }
