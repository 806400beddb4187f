"""What the page of a resource adds while its entry is not settled:
whose turn it is, clocks, files, the review so far.

The values of ``publication/_review.html`` and ``publication/_course.html``.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session

from auth.guard import is_allowed
from auth.roles import Role
from catalog.publication import service
from catalog.publication.words import ReviewOutcome
from catalog.registration import service as registration
from catalog.resources.models import DataResource
from catalog.resources.words import ReviewStep
from policies.actions import Action
from shuqiao.desk import clocks
from shuqiao.desk.due import due_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the review for whom it waits: its action, its address,
    and the words that let the entry pass.
    """

    action: Action
    path: str
    words: Message
    passing: ReviewOutcome
    #: What follows when the entry passes, told before it is confirmed.
    effect: Message


STEPS: Final[dict[ReviewStep, Step]] = {
    ReviewStep.HEAD_CONSENT: Step(
        Action.RESOURCE_CONSENT,
        "consents",
        _("Consent to the entry"),
        ReviewOutcome.CONSENTED,
        _(
            "Your department answers for the entry (Order 809, Art. 13). It goes to the data "
            "administration, whose time"
            " limit begins today."
        ),
    ),
    ReviewStep.ADMINISTRATION: Step(
        Action.RESOURCE_REVIEW,
        "reviews",
        _("Publish"),
        ReviewOutcome.PUBLISHED,
        _(
            "Every department sees the entry in the catalogue from now on and may apply for it. "
            "This version is kept as"
            " it is and never changed."
        ),
    ),
}
_DONE: Final = {
    "consented": _("Your consent has been recorded; the data administration reviews next"),
    "published": _("The entry has been published"),
    "returned": _("The entry has been returned to its registrar"),
}


def done_words(done: str) -> Message | None:
    """The words for ``?done=…`` after a step of the review."""
    return _DONE.get(done)


def step_of(subject: Subject, resource: DataResource) -> Step | None:
    """The step that ``subject`` may take now."""
    step = STEPS.get(resource.review_step) if resource.review_step else None
    return step if step is not None and is_allowed(subject, step.action, resource) else None


def under_way(session: Session, subject: Subject, resource: DataResource) -> dict[str, Any]:
    """Values for the page: ``waiting_for``, ``files``, ``step``, ``reviews``, ``dues``."""
    shown = registration.shown(session, subject, resource)
    return {
        "waiting_for": Role(shown.waiting_for).label if shown.waiting_for else None,
        "files": shown.attachments,
        "step": step_of(subject, resource),
        "reviews": service.reviewed(session, resource)
        if may_see_reviews(subject, resource)
        else [],
        "dues": [
            due_of(session, clock)
            for clock in clocks.clocks_of(session, resource.code)
            if not clock.closed_on
        ],
    }


def may_see_reviews(subject: Subject, resource: DataResource) -> bool:
    """The remarks of a review are for the owner department and the data administration."""
    return subject.department_id == resource.provider_id or subject.has(Role.DATA_ADMIN)
