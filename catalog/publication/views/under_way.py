"""What the page of a resource adds while its entry is not settled:
whose turn it is, clocks, files, the review so far.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from auth.cases import possible
from auth.guard import why_not
from auth.roles import Role
from auth.steps import Step
from catalog.attachments.schemas import AttachmentSummary
from catalog.publication import service
from catalog.publication.schemas import ReviewRead
from catalog.registration import service as registration
from catalog.resources.lifecycle import CONSENT, LIFECYCLE, PUBLISH, State
from catalog.resources.models import DataResource
from catalog.resources.views import able
from catalog.resources.words import ResourceStatus
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, due_of
from shuqiao.i18n import Message
from shuqiao.subject import Subject

#: The steps that let an entry pass, and the last part of the address each is sent to.
PATHS: Final[Mapping[Step[State], str]] = {CONSENT: "consents", PUBLISH: "reviews"}


def done_words(done: str) -> Message | None:
    """The words for ``?done=…`` after a step of the review."""
    said = LIFECYCLE.done(done)
    return said.title if said and said.goes_on else None


def step_of(subject: Subject, resource: DataResource) -> Step[State] | None:
    """The step that ``subject`` may take now and that lets the entry pass."""
    return next((step for step in possible(subject, resource, LIFECYCLE) if step in PATHS), None)


@dataclass(frozen=True, slots=True)
class Barred:
    """Why the reader may not decide though the role is theirs, and the names of those who may."""

    why: Message
    others: Sequence[str]


def barred(session: Session, subject: Subject, resource: DataResource) -> Barred | None:
    """None for whom no rule stands in the way: it may still not be their turn."""
    for step in PATHS:
        if resource.state in step.at and step.action is not None:
            why = why_not(subject, step.action, resource)
            return Barred(why, able(session, resource, step)) if why else None
    return None


@dataclass(frozen=True, slots=True)
class UnderWay:
    """``step``: what the reader may do to let the entry pass, sent to ``path``."""

    waiting_for: Message | None
    barred: Barred | None
    files: Sequence[AttachmentSummary]
    step: Step[State] | None
    path: str
    reviews: Sequence[ReviewRead]
    dues: Sequence[Due]


def under_way(session: Session, subject: Subject, resource: DataResource) -> UnderWay:
    step = step_of(subject, resource)
    shown = registration.shown(session, subject, resource)
    may_see = may_see_reviews(subject, resource)
    return UnderWay(
        waiting_for=Role(shown.waiting_for).label if shown.waiting_for else None,
        barred=barred(session, subject, resource) if may_see else None,
        files=shown.attachments,
        step=step,
        path=PATHS[step] if step else "",
        reviews=service.reviewed(session, resource) if may_see else [],
        dues=[
            due_of(session, clock)
            for clock in clocks.clocks_of(session, resource.code)
            if not clock.closed_on and resource.status is ResourceStatus.IN_REVIEW
        ],
    )


def may_see_reviews(subject: Subject, resource: DataResource) -> bool:
    """The remarks of a review are for the owner department and the data administration."""
    return subject.department_id == resource.provider_id or subject.has(Role.DATA_ADMIN)
