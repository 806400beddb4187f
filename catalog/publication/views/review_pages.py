"""The pages of reviews: the queue, one entry, the question before a decision, and what is said to
whom somebody else was ahead of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.guard import Authorized
from auth.steps import Step
from catalog.duplicates.views.elsewhere import Elsewhere, elsewhere
from catalog.publication.schemas import ConsentCreate, ReviewCreate, ReviewRead
from catalog.publication.views import reviews
from catalog.publication.views.entry import assessments, nine_fields
from catalog.publication.views.owed import Owed, owed
from catalog.publication.views.reviews import Attached, Compared, Done, Waiting
from catalog.publication.views.under_way import PATHS, Barred, done_words, step_of, under_way
from catalog.publication.words import ReviewOutcome
from catalog.resources import service as registering
from catalog.resources.errors import NotPossibleNow
from catalog.resources.lifecycle import PUBLISH, RETURN, State
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from shuqiao.checks import Result
from shuqiao.desk.due import Due
from shuqiao.errors import PreconditionFailed
from shuqiao.i18n import Message
from shuqiao.subject import Subject
from shuqiao.web.forms import Form
from shuqiao.web.page import Page
from shuqiao.web.paging import LIMIT_DEFAULT, PageRequest

#: Entries a page of the queue.
_QUEUED: Final = 20
Decision = ConsentCreate | ReviewCreate


@dataclass(frozen=True, slots=True)
class ReviewsPage(Page):
    """``done``: what the reader decided last."""

    template = "publication/reviews.html"
    rows: Sequence[Waiting]
    next_href: str
    is_first: bool
    done: Sequence[Done]


def reviews_page(session: Session, subject: Subject, wanted: PageRequest) -> ReviewsPage:
    """What waits for the reader, the longest waiting first."""
    limited = replace(wanted, limit=_QUEUED) if wanted.limit == LIMIT_DEFAULT else wanted
    rows, following = reviews.waiting(session, subject, limited)
    return ReviewsPage(
        rows=rows,
        next_href=wanted.href(following) if following else "",
        is_first=wanted.after is None,
        done=reviews.done(session, subject),
    )


@dataclass(frozen=True, slots=True)
class ReviewPage(Page):
    """``step``: how the reader may let the entry pass, sent to ``path``; ``back``: the other way.
    ``following``: where to go on after a decision.
    """

    template = "publication/review.html"
    form: Form
    resource: DataResource
    entry: ResourceRead
    nine: Sequence[Mapping[str, Any]]
    assessments: Sequence[Mapping[str, Any]]
    compared: Compared
    checks: Sequence[Result]
    attached: Sequence[Attached]
    elsewhere: Sequence[Elsewhere]
    owed: Sequence[Owed]
    reviews: Sequence[ReviewRead]
    submitter: str
    dues: Sequence[Due]
    waiting_for: Message | None
    barred: Barred | None
    is_own: bool
    step: Step[State] | None
    path: str
    back: Step[State]
    done: Message | None
    following: str


def review_page(
    session: Session, found: Authorized[DataResource], form: Form, done: str = ""
) -> ReviewPage:
    """One entry for those who review it and those who registered it."""
    resource, subject = found.object, found.subject
    entry, way = registering.read(session, resource), under_way(session, subject, resource)
    against = reviews.compared(session, resource, entry)
    return ReviewPage(
        form=form,
        resource=resource,
        entry=entry,
        nine=nine_fields(entry),
        assessments=assessments(entry),
        compared=against,
        checks=reviews.checked(session, subject, resource, entry),
        attached=reviews.attached(session, resource, against),
        elsewhere=elsewhere(session, subject, resource),
        owed=owed(session, subject, resource, entry),
        reviews=way.reviews,
        submitter=accounts.user_name(session, resource.submitter_id)
        if resource.submitter_id
        else "",
        dues=way.dues,
        waiting_for=way.waiting_for,
        barred=way.barred,
        is_own=way.step is PUBLISH and subject.department_id == resource.provider_id,
        step=way.step,
        path=way.path,
        back=RETURN,
        done=done_words(done),
        following=_following(session, subject) if done else "",
    )


@dataclass(frozen=True, slots=True)
class ConfirmationPage(Page):
    """The question before a decision, with its effect in words."""

    template = "publication/confirmation.html"
    resource: DataResource
    outcome: ReviewOutcome
    is_return: bool
    typed: str
    remark: str
    href: str
    path: str
    effect: Message | None


def confirmation_page(
    found: Authorized[DataResource], form: Form, body: Decision
) -> ConfirmationPage:
    """``typed``: the remark as it was typed, to come back with. Raises ``NotPossibleNow``."""
    step, outcome = step_of(found.subject, found.object), ReviewOutcome(body.outcome)
    if step is None:
        raise NotPossibleNow
    is_return = outcome is ReviewOutcome.RETURNED
    return ConfirmationPage(
        resource=found.object,
        outcome=outcome,
        is_return=is_return,
        typed=form.text("remark"),
        remark=body.remark,
        href=registering.review_href(found.object),
        path=PATHS[step],
        effect=(RETURN if is_return else step).effect,
    )


@dataclass(frozen=True, slots=True)
class StalePage(Page):
    """Somebody changed the entry after the reader loaded it: nothing is decided; the way to look
    again.
    """

    template = "publication/stale.html"
    http_status = PreconditionFailed.status
    title: Message
    resource: DataResource
    href: str


def stale_page(found: Authorized[DataResource]) -> StalePage:
    href = registering.review_href(found.object)
    return StalePage(PreconditionFailed.title, found.object, href)


def _following(session: Session, subject: Subject) -> str:
    """Where to go on after a decision: the next entry, or the empty queue."""
    row = reviews.following(session, subject)
    return registering.review_href(row) if row else "/reviews"
