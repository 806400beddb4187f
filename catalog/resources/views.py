"""Where an entry stands: whose turn it is, by when, whether it may be edited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.accounts.service.subjects import subject_of
from auth.guard import why_not
from auth.steps import PROVIDER, Seat, Step
from catalog.resources.lifecycle import (
    ATTACH,
    CONSENT,
    EDIT,
    LIFECYCLE,
    PUBLISH,
    WAITING_FOR_HEAD,
    State,
)
from catalog.resources.models import DataResource
from catalog.resources.words import ResourceStatus
from policies.clocks import Clock
from policies.deadlines import deadlines
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, dues_of
from shuqiao.i18n import Message
from shuqiao.subject import Subject

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


def is_attachable(resource: DataResource) -> bool:
    """Whether data may be attached: to a draft, and new rows to what is published."""
    return resource.state in ATTACH.at


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
    days they have. Nobody is named who wrote the entry.
    """

    heads: Sequence[str]
    admins: Sequence[str]
    review_days: int
    is_heads_turn: bool


def able(
    session: Session, resource: DataResource, step: Step[State], besides: UUID | None = None
) -> Sequence[str]:
    """Names of those who may take the step of this very version, but ``besides``: whoever wrote it
    or consented to it is not among them.
    """
    people = [
        user
        for seat in step.by
        if isinstance(seat, Seat)
        for user in accounts.holders(
            session, seat.role, resource.provider_id if seat.at == PROVIDER else None
        )
    ]
    return [
        user.name
        for user in people
        if user.id != besides
        and step.action is not None
        and why_not(subject_of(session, user), step.action, resource) is None
    ]


def course(session: Session, subject: Subject, resource: DataResource) -> Course:
    """What follows when ``subject`` submits the entry, or has."""
    writer = subject.user_id if is_editable(resource) else None
    return Course(
        heads=able(session, resource, CONSENT, writer),
        admins=able(session, resource, PUBLISH, writer),
        review_days=deadlines()[Clock.CATALOGUE_REVIEW].working_days,
        is_heads_turn=resource.state == WAITING_FOR_HEAD,
    )
