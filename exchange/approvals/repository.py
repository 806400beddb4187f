"""Every SQL statement about the steps of a decision."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from exchange.approvals.models import ApprovalStep, StepKind
from exchange.requests.models import ShareRequest


def steps(session: Session, request_id: UUID) -> Sequence[ApprovalStep]:
    """All steps, oldest first."""
    query = select(ApprovalStep).where(ApprovalStep.request_id == request_id)
    return session.exec(query.order_by(col(ApprovalStep.id))).all()


def prepared(session: Session, request_id: UUID) -> ApprovalStep | None:
    """The reply prepared last."""
    query = select(ApprovalStep).where(
        ApprovalStep.request_id == request_id, ApprovalStep.kind == StepKind.PREPARED
    )
    return session.exec(query.order_by(col(ApprovalStep.id).desc())).first()


def earlier(session: Session, request: ShareRequest, *, limit: int = 10) -> Sequence[ShareRequest]:
    """Earlier requests of the same department for the same resource that left the department, newest first."""
    query = select(ShareRequest).where(
        ShareRequest.consumer_id == request.consumer_id, ShareRequest.resource_id == request.resource_id,
        ShareRequest.id != request.id, col(ShareRequest.submitted_at).is_not(None),
        col(ShareRequest.created_at) <= request.created_at,
    )  # fmt: skip
    return session.exec(query.order_by(col(ShareRequest.id).desc()).limit(limit)).all()
