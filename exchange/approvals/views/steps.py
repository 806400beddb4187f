"""A request with the steps of its decision, as the API and the pages show it."""

from typing import Any

from sqlmodel import Session

from auth.accounts import repository as accounts
from exchange.approvals import repository
from exchange.approvals.schemas import StepRead
from exchange.grants.repository import by_request
from exchange.requests.models import ShareRequest
from shuqiao.subject import Subject


def steps_for(session: Session, subject: Subject, request: ShareRequest) -> list[StepRead]:
    """The steps.

    Outside the provider only the released reply is known, not what came before it (Art. 20).
    """
    is_inside = subject.department_id == request.provider_id
    shown = repository.steps(session, request.id)
    if not is_inside:
        shown = (
            shown[-2:] if request.status.is_decided else []
        )  # the reply that was released, and its release
    return [
        StepRead(
            kind=step.kind.value,
            actor=accounts.user_name(session, step.actor_id),
            at=step.at,
            remark=step.remark,
            reply=step.reply,
        )
        for step in shown
    ]


def decision_fields(session: Session, subject: Subject, request: ShareRequest) -> dict[str, Any]:
    """``steps`` and ``grant_no`` for a ``Decided`` answer."""
    grant = by_request(session, request.request_no)
    return {
        "steps": steps_for(session, subject, request),
        "grant_no": grant.grant_no if grant else None,
    }
