"""Tells the registrar's pages why an entry came back: the remark of the
last return, and the entry as it was then.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from auth.accounts.models import AppUser
from catalog.publication.models import PublicationReview
from catalog.publication.words import ReviewOutcome
from catalog.registration.views.returns import Returned


def last_returns(session: Session, resource_ids: Iterable[UUID]) -> dict[UUID, Returned]:
    """The last return of each resource that was returned."""
    query = select(PublicationReview, AppUser.name).join(
        AppUser, col(PublicationReview.reviewer_id) == col(AppUser.id)
    )
    query = query.where(
        col(PublicationReview.resource_id).in_(set(resource_ids)),
        PublicationReview.outcome == ReviewOutcome.RETURNED,
    )
    rows = session.exec(query.order_by(col(PublicationReview.id))).all()
    return {
        row.resource_id: Returned(row.step, row.remark, name, row.reviewed_at, row.entry)
        for row, name in rows
    }
