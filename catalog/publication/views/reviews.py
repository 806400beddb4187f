"""What a reviewer is shown: the queue, and of one entry what changed,
what the checks found, what is attached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from catalog.attachments import repository as attachments
from catalog.attachments.schemas import AttachmentSummary
from catalog.publication import repository, service
from catalog.publication.checks.advice import Check, checks
from catalog.publication.checks.changes import Change, changes, in_a_line
from catalog.publication.words import ReviewOutcome
from catalog.registration import service as registration
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import ReviewStep
from shuqiao.desk import clocks
from shuqiao.desk.due import Due, due_of
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Of what the reader decided, the latest so many are listed.
DONE_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Compared:
    """An entry beside its earlier state.

    ``against``: in words what that is; None: there is no earlier state.
    """

    against: Message | None
    at: datetime | None
    changes: Sequence[Change]

    @property
    def line(self) -> str:
        """What changed, in one line for lists."""
        return in_a_line(self.changes)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry of the queue."""

    resource: DataResource
    provider: str
    step: Message
    changed: str
    due: Due | None


@dataclass(frozen=True, slots=True)
class Done:
    """One decision of the reader."""

    resource: DataResource
    outcome: ReviewOutcome
    remark: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Attached:
    """An attached file; ``is_new``: since this step was last taken."""

    file: AttachmentSummary
    is_new: bool


def waiting(
    session: Session, subject: Subject, wanted: PageRequest
) -> tuple[list[Waiting], str | None]:
    """Entries that wait for ``subject``, the longest waiting first, and
    the cursor of the next page.
    """
    rows, following = repository.waiting_for(session, subject, wanted)
    names = resources.provider_names(session, {row.provider_id for row in rows})
    return [_waiting(session, row, names[row.provider_id]) for row in rows], following


def _waiting(session: Session, row: DataResource, provider: str) -> Waiting:
    entry = registering.read(session, row)
    found = compared(session, row, entry)
    changed = (
        found.line
        if found.against
        else str(_("New entry, items: %(count)s", count=len(entry.items)))
    )
    step = row.review_step.label if row.review_step else row.status.label
    return Waiting(row, provider, step, changed, _due(session, row))


def _due(session: Session, row: DataResource) -> Due | None:
    running = (clock for clock in clocks.clocks_of(session, row.code) if not clock.closed_on)
    return next((due_of(session, clock) for clock in running), None)


def done(session: Session, subject: Subject) -> list[Done]:
    """What ``subject`` decided last."""
    if subject.user_id is None:
        return []
    taken = repository.steps_taken(session, subject, DONE_SHOWN)
    return [Done(resource, step.outcome, step.remark, step.reviewed_at) for step, resource in taken]


def following(session: Session, subject: Subject) -> DataResource | None:
    """The entry that has waited longest for ``subject``."""
    rows, _next = repository.waiting_for(session, subject, PageRequest(limit=1))
    return rows[0] if rows else None


def compared(session: Session, resource: DataResource, entry: ResourceRead) -> Compared:
    """``entry`` beside what was looked at when its present step was
    last taken, else beside the published version.
    """
    after = entry.model_dump(mode="json")
    step = resource.review_step or ReviewStep.ADMINISTRATION
    looked_at = repository.last_looked_at(session, resource.id, step)
    if looked_at is not None and looked_at.outcome is not ReviewOutcome.PUBLISHED:
        against = _("Compared with what was looked at in this step before")
        return Compared(against, looked_at.reviewed_at, changes(looked_at.entry, after))
    if resource.published_version:
        published = service.entry(session, resource)
        against = _(
            "Compared with version %(number)s as published", number=published.published_version
        )
        return Compared(
            against, published.published_at, changes(published.model_dump(mode="json"), after)
        )
    return Compared(None, None, changes(None, after))


def values(session: Session, subject: Subject, resource: DataResource) -> dict[str, Any]:
    """The left side of the review page: ``entry``, ``compared``, ``checks``, ``attached``."""
    entry = registering.read(session, resource)
    found: list[Check] = checks(
        entry,
        registration.shortcomings(session, resource),
        namesakes=repository.namesakes(session, subject, resource),
    )
    against = compared(session, resource, entry)
    files = [
        AttachmentSummary.of_row(row) for row in attachments.attachments_of(session, resource.id)
    ]
    return {
        "entry": entry,
        "compared": against,
        "checks": found,
        "attached": [
            Attached(file, bool(against.at and file.created_at > against.at)) for file in files
        ],
    }
