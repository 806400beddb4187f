"""Every SQL statement about the steps of a decision."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from exchange.approvals.models import ApprovalStep
from exchange.approvals.words import StepKind
from exchange.grants.models import GrantedItem, ShareGrant
from exchange.grants.words import GrantStatus
from exchange.requests.models import ShareRequest


def steps(session: Session, request_id: UUID) -> Sequence[ApprovalStep]:
    """All steps, oldest first."""
    query = select(ApprovalStep).where(ApprovalStep.request_id == request_id)
    return session.exec(query.order_by(col(ApprovalStep.at), col(ApprovalStep.id))).all()


def prepared(session: Session, request_id: UUID) -> ApprovalStep | None:
    """The reply prepared last."""
    query = select(ApprovalStep).where(
        ApprovalStep.request_id == request_id, ApprovalStep.kind == StepKind.PREPARED
    )
    return session.exec(
        query.order_by(col(ApprovalStep.at).desc(), col(ApprovalStep.id).desc())
    ).first()


def between(session: Session, request: ShareRequest, *, limit: int = 20) -> Sequence[ShareRequest]:
    """Earlier requests of the same department to the same provider that
    left the department, newest first.
    """
    query = select(ShareRequest).where(
        ShareRequest.consumer_id == request.consumer_id,
        ShareRequest.provider_id == request.provider_id,
        ShareRequest.id != request.id,
        col(ShareRequest.submitted_at).is_not(None),
        col(ShareRequest.request_no) < request.request_no,
    )
    return session.exec(query.order_by(col(ShareRequest.request_no).desc()).limit(limit)).all()


def grants_between(
    session: Session, request: ShareRequest, *, limit: int = 20
) -> Sequence[ShareGrant]:
    """Grants of the same department from the same provider, newest
    first; not the one of this request.
    """
    query = select(ShareGrant).where(
        ShareGrant.consumer_id == request.consumer_id,
        ShareGrant.provider_id == request.provider_id,
        ShareGrant.request_no != request.request_no,
    )
    return session.exec(query.order_by(col(ShareGrant.grant_no).desc()).limit(limit)).all()


def granted_items(session: Session, grant_ids: Iterable[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """(grant, item) of what these grants hold."""
    query = select(GrantedItem.grant_id, GrantedItem.item_id).where(
        col(GrantedItem.grant_id).in_(list(grant_ids))
    )
    return session.exec(query.order_by(col(GrantedItem.grant_id), col(GrantedItem.position))).all()


def live_grant(
    session: Session, consumer_id: UUID, resource_id: UUID, on: date
) -> ShareGrant | None:
    """The newest grant under which ``consumer_id`` may fetch this resource on the day ``on``."""
    query = select(ShareGrant).where(
        ShareGrant.consumer_id == consumer_id,
        ShareGrant.resource_id == resource_id,
        ShareGrant.status == GrantStatus.ACTIVE,
        col(ShareGrant.valid_until) >= on,
    )
    return session.exec(query.order_by(col(ShareGrant.grant_no).desc()).limit(1)).first()
