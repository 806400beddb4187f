"""Where an entry stands: whose turn it is, by when, whether it may be edited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.roles import Role
from catalog.resources.lifecycle import EDIT, LIFECYCLE, WAITING_FOR_HEAD
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from policies.deadlines import Clock, deadlines
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, dues_of
from shuqiao.i18n import Message

TONES: Final[Mapping[ResourceStatus, str]] = {
    ResourceStatus.DRAFT: "neutral",
    ResourceStatus.IN_REVIEW: "info",
    ResourceStatus.RETURNED: "danger",
    ResourceStatus.PUBLISHED: "success",
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
    return dues(session, [resource]).get(resource.code)


def dues(session: Session, rows: Iterable[DataResource]) -> Mapping[str, Due]:
    """The same of many entries at once, by code; an entry without a clock is not in it."""
    in_review = [row.code for row in rows if row.status is ResourceStatus.IN_REVIEW]
    if not in_review:
        return {}
    running = [
        next((clock for clock in each if not clock.closed_on), None)
        for each in clocks.clocks_of_all(session, in_review).values()
    ]
    open_ones = [clock for clock in running if clock is not None]
    found = dues_of(session, open_ones)
    return {clock.case_no: due for clock, due in zip(open_ones, found, strict=True)}


@dataclass(frozen=True, slots=True)
class Course:
    """Who acts after the submission: names of those who consent and who review, and the working
    days they have.
    """

    heads: Sequence[str]
    admins: Sequence[str]
    review_days: int
    is_heads_turn: bool


def course(session: Session, resource: DataResource) -> Course:
    """What follows the submission of an entry."""
    heads = accounts.holders(session, Role.DEPARTMENT_HEAD, resource.provider_id)
    admins = accounts.holders(session, Role.DATA_ADMIN)
    return Course(
        heads=[user.name for user in heads],
        admins=[user.name for user in admins],
        review_days=deadlines()[Clock.CATALOGUE_REVIEW].working_days,
        is_heads_turn=resource.state == WAITING_FOR_HEAD,
    )
