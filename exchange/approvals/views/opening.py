"""On a data resource's page: the way to the grant under which the
reader's department may fetch it.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from auth.guard import is_allowed
from catalog.resources.models import DataResource
from exchange.approvals import repository
from policies.actions import Action
from shuqiao.clock import today
from shuqiao.subject import Subject


def opening(session: Session, subject: Subject, resource: DataResource) -> Mapping[str, Any] | None:
    """The department's newest live grant on the resource, for those who may read it."""
    if subject.department_id is None:
        return None
    grant = repository.live_grant(session, subject.department_id, resource.id, today())
    if grant is None or not is_allowed(subject, Action.GRANT_READ, grant):
        return None
    return {"grant": grant}
