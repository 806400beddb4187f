"""What a reviewer is shown: the queue, and of one entry what changed,
what the checks found, what is attached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from catalog.attachments import repository as attachments
from catalog.attachments.schemas import AttachmentSummary
from catalog.conformity.views.standing import of_row
from catalog.publication import service
from catalog.publication.checks import CHECKS, EntryFacts
from catalog.publication.models import PublicationReview
from catalog.publication.repository import reviews as repository
from catalog.publication.schemas import CatalogEntry
from catalog.publication.words import ReviewOutcome
from catalog.registration import service as registration
from catalog.resources import service as registering
from catalog.resources.fields.compared import ENTRY
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from catalog.resources.views import dues
from catalog.resources.words import ReviewStep
from shuqiao.arrow.intake.personal import by_name
from shuqiao.changes import Change, compare, in_a_line
from shuqiao.checks import Result, results
from shuqiao.desk.due import Due
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
    entries = registering.read_all(session, rows)
    found = _compared(session, rows, entries)
    running = dues(session, rows)
    return [
        Waiting(
            row,
            entry.provider,
            row.review_step.label if row.review_step else row.status.label,
            against.line
            if against.against
            else str(_("New entry, items: %(count)s", count=len(entry.items))),
            running.get(row.code),
        )
        for row, entry, against in zip(rows, entries, found, strict=True)
    ], following


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
    (found,) = _compared(session, [resource], [entry])
    return found


def _compared(
    session: Session, rows: Sequence[DataResource], entries: Sequence[ResourceRead]
) -> list[Compared]:
    steps = {row.entry_id: row.review_step or ReviewStep.ADMINISTRATION for row in rows}
    looked_at = repository.last_looked_at(session, steps)
    published = service.latest_entries(session, rows)
    return [
        _beside(entry, looked_at.get(row.entry_id), published.get(row.entry_id))
        for row, entry in zip(rows, entries, strict=True)
    ]


def _beside(
    entry: ResourceRead, looked_at: PublicationReview | None, published: CatalogEntry | None
) -> Compared:
    after = entry.model_dump(mode="json")
    if (
        looked_at is not None
        and looked_at.outcome is not ReviewOutcome.PUBLISHED
        and (published is None or looked_at.version > published.version)
    ):
        against = _("Compared with what was looked at in this step before")
        return Compared(against, looked_at.reviewed_at, compare(ENTRY, looked_at.entry, after))
    if published is not None:
        against = _(
            "Compared with version %(number)s as published", number=published.published_version
        )
        before = published.model_dump(mode="json")
        return Compared(against, published.published_at, compare(ENTRY, before, after))
    return Compared(None, None, compare(ENTRY, None, after))


def attached(session: Session, resource: DataResource, against: Compared) -> list[Attached]:
    """The files, and which of them came after what the entry is compared with."""
    files = [
        AttachmentSummary.of_row(row) for row in attachments.attachments_of(session, resource.id)
    ]
    return [Attached(file, bool(against.at and file.created_at > against.at)) for file in files]


def _unmarked(session: Session, resource: DataResource, entry: ResourceRead) -> list[str]:
    """Items that look like personal information by what is in their column, or by their name."""
    files = attachments.attachments_of(session, resource.id)
    columns = files[0].preview["columns"] if files else ()
    noticed = {column["name"] for column in columns if column.get("is_personal")}
    return [
        item.name
        for item in entry.items
        if not item.is_personal and (item.column_name in noticed or by_name(item.name))
    ]


def _is_empty(session: Session, resource: DataResource) -> bool:
    """Whether what would be delivered was stored without a row."""
    row = attachments.current_attachment(session, resource.id)
    return row is not None and row.rows == 0


def checked(
    session: Session, subject: Subject, resource: DataResource, entry: ResourceRead
) -> list[Result]:
    """What the automatic checks found in ``entry``."""
    standing = of_row(session, resource)
    facts = EntryFacts(
        entry,
        registration.shortcomings(session, resource),
        repository.namesakes(session, subject, resource),
        registration.received_and_passed_on(session, resource),
        broken=standing.findings if standing else (),
        elsewhere=registration.withheld_elsewhere(session, resource),
        checked=standing.words if standing else None,
        unmarked=_unmarked(session, resource, entry),
        is_empty=_is_empty(session, resource),
    )
    return results(CHECKS, facts)
