"""Where an entry stands: whose turn it is, by when, whether it may be edited."""

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.roles import Role
from catalog.resources.lifecycle import EDIT, LIFECYCLE, WAITING_FOR_HEAD
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from policies.deadlines import Clock, deadlines
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, due_of
from shuqiao.i18n import Message

TONES: Final[Mapping[ResourceStatus, str]] = {
    ResourceStatus.DRAFT: "neutral",
    ResourceStatus.IN_REVIEW: "info",
    ResourceStatus.RETURNED: "danger",
    ResourceStatus.PUBLISHED: "success",
    ResourceStatus.CHANGING: "warning",
    ResourceStatus.TAKEN_DOWN: "neutral",
}


def is_editable(resource: DataResource) -> bool:
    """Whether the registrar may work on the entry in its present state."""
    return resource.state in EDIT.at


def turn(resource: DataResource) -> Message | None:
    """Whose turn it is while an entry is in review."""
    todo = LIFECYCLE.waiting().get(resource.state)
    is_in_review = resource.status is ResourceStatus.IN_REVIEW
    return todo.seat.role.label if todo and is_in_review else None


def due(session: Session, resource: DataResource) -> Due | None:
    """The clock of a review, when one runs."""
    if resource.status is not ResourceStatus.IN_REVIEW:
        return None
    running = [clock for clock in clocks.clocks_of(session, resource.code) if not clock.closed_on]
    return due_of(session, running[0]) if running else None


def people(session: Session, resource: DataResource) -> dict[str, Any]:
    """Who acts after the submission: names of those who consent and who
    review, and the days they have.
    """
    heads = accounts.holders(session, Role.DEPARTMENT_HEAD, resource.provider_id)
    admins = accounts.holders(session, Role.DATA_ADMIN)
    return {
        "heads": [user.name for user in heads],
        "admins": [user.name for user in admins],
        "review_days": deadlines()[Clock.CATALOGUE_REVIEW].working_days,
        "is_heads_turn": resource.state == WAITING_FOR_HEAD,
    }
