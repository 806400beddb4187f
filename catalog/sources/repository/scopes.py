"""Every SQL statement about object scopes and exceptions."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from catalog.sources.models import ObjectScope, SourceClaim, SourceException
from catalog.sources.words import OPEN, ClaimStatus


def scopes(session: Session, element_id: UUID) -> Sequence[ObjectScope]:
    """The object scopes of an element that have not ended, in the order in which they were
    registered.
    """
    query = select(ObjectScope).where(
        ObjectScope.element_id == element_id, col(ObjectScope.ended_on).is_(None)
    )
    return session.exec(query.order_by(col(ObjectScope.number))).all()


def scope_by_id(session: Session, scope_id: UUID) -> ObjectScope:
    return session.get_one(ObjectScope, scope_id)


def scope_by_number(
    session: Session, element_id: UUID, number: int, *, lock: bool = False
) -> ObjectScope | None:
    query = select(ObjectScope).where(
        ObjectScope.element_id == element_id, ObjectScope.number == number
    )
    return session.exec(query.with_for_update() if lock else query).first()


def claims_for_scope(session: Session, scope_id: UUID) -> Sequence[SourceClaim]:
    """The claims for an object scope that stand or wait, by number."""
    query = select(SourceClaim).where(
        SourceClaim.scope_id == scope_id,
        col(SourceClaim.status).in_((*OPEN, ClaimStatus.CONFIRMED)),
    )
    return session.exec(query.order_by(col(SourceClaim.claim_no))).all()


def scope_names(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    query = select(ObjectScope.id, ObjectScope.name).where(col(ObjectScope.id).in_(ids))
    return dict(session.exec(query).all())


def exceptions(session: Session, claim_ids: Collection[UUID]) -> Sequence[SourceException]:
    """The exceptions of these claims, by area."""
    query = select(SourceException).where(col(SourceException.claim_id).in_(claim_ids))
    return session.exec(query.order_by(col(SourceException.area_code))).all()
