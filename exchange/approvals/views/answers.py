"""The reply on the request's page, once it has been released, with the grant it became."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from auth.guard import is_allowed
from exchange.approvals import repository
from exchange.approvals.views.reply import reply_shown
from exchange.approvals.words import StepKind
from exchange.grants.models import ShareGrant
from exchange.grants.repository import by_request
from exchange.requests import repository as requests
from exchange.requests.models import ShareRequest
from policies.actions import Action
from shuqiao.subject import Subject


def answers(session: Session, subject: Subject, row: ShareRequest) -> Mapping[str, Any] | None:
    """None while nothing was released."""
    prepared = repository.prepared(session, row.id)
    if not row.status.is_decided or prepared is None or prepared.reply is None:
        return None
    released = next(
        (s for s in repository.steps(session, row.id) if s.kind is StepKind.RELEASED), None
    )
    grant = by_request(session, row.request_no)
    is_seen = grant is not None and is_allowed(subject, Action.GRANT_READ, grant)
    return {
        "reply": reply_shown(
            session, row, prepared.reply, is_own=subject.department_id == row.consumer_id
        ),
        "remark": prepared.remark,
        "released_remark": released.remark if released else "",
        "grant": grant if is_seen else None,
    }


def remarks(session: Session, grant: ShareGrant) -> Sequence[str]:
    """What the reply that the grant came of said in words: the approver's, the releaser's."""
    request = requests.by_no(session, grant.request_no)
    if request is None:
        return ()
    found = repository.steps(session, request.id)
    prepared = next((s for s in reversed(found) if s.kind is StepKind.PREPARED), None)
    released = next((s for s in found if s.kind is StepKind.RELEASED), None)
    return [step.remark for step in (prepared, released) if step is not None and step.remark]
