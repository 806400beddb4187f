"""Consent, review and publication, and what the catalogue shows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from auth.accounts import repository as accounts
from auth.cases import check, take
from auth.steps import Step
from catalog.copies import service as copies
from catalog.editions.service import editions, refreshing
from catalog.negative import service as negative
from catalog.publication.models import Publication, PublicationReview
from catalog.publication.repository import reviews as repository
from catalog.publication.repository import self_reviews as self_reviews_of
from catalog.publication.schemas import (
    CatalogEntry,
    ConsentCreate,
    ReviewCreate,
    ReviewRead,
    SelfReviewRead,
    WaitingRead,
)
from catalog.publication.words import ReviewOutcome
from catalog.registration import service as registration
from catalog.resources import lifecycle as ways
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.errors import NotPossibleNow
from catalog.resources.lifecycle import State
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import ResourceStatus, ReviewStep
from catalog.updates import service as updates
from shuqiao.clock import now
from shuqiao.errors import Forbidden, NotFound
from shuqiao.i18n import _
from shuqiao.jobs import enqueue
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Answered by the exchange: what grants no longer allow is suspended, holders and applicants told.
FOLLOW_CHANGE: Final = "exchange.grants.publication_changed"
FOLLOW_TAKEDOWN: Final = "exchange.grants.taken_down"


def consent(
    session: Session, subject: Subject, resource: DataResource, body: ConsentCreate
) -> DataResource:
    """The department head's word on ``resource`` (locked); consent starts the review clock.

    ``NotPossibleNow``.
    """
    if body.outcome is ReviewOutcome.RETURNED:
        return _return(session, subject, resource, ways.RETURN, body.remark)
    resource.consented_at = now()
    _note(session, subject, resource, ways.CONSENT, body)
    take(session, subject, resource, ways.CONSENT)
    return resource


def review(
    session: Session, subject: Subject, resource: DataResource, body: ReviewCreate
) -> DataResource:
    """The data administration's word on ``resource`` (locked).

    Raises ``NotPossibleNow``, ``Incomplete``.
    """
    if body.outcome is ReviewOutcome.RETURNED:
        return _return(session, subject, resource, ways.RETURN_FROM_REVIEW, body.remark)
    return _publish(session, subject, resource, body)


def take_down(
    session: Session, subject: Subject, entry: DataResource, reason: str, version: int
) -> DataResource:
    """Take a published entry (locked) out of the catalogue; an open working copy goes with it.

    Those above who work with it learn of it by a job. Raises ``NotPossibleNow`` or
    ``PreconditionFailed``.
    """
    check(entry, ways.TAKE_DOWN, version)
    copies.drop(session, subject, entry)
    entry.taken_down_at, entry.taken_down_reason = now(), reason
    told = {"reason": reason}
    take(session, subject, entry, ways.TAKE_DOWN, version, why=told, words=told)
    updates.meet(session, subject, entry)
    negative.take_down(session, subject, entry)
    editions.drop_held(session, subject, entry)
    refreshing.over(session, entry, subject.user_id)
    enqueue(session, FOLLOW_TAKEDOWN, lock=entry.code, resource_id=str(entry.id))
    return entry


def reviewed(session: Session, resource: DataResource) -> list[ReviewRead]:
    """The steps of the review so far, oldest first; of a published entry those up to its
    publication: what came after is of its working copy.
    """
    found = repository.reviews(session, resource.entry_id)
    if resource.status is ResourceStatus.PUBLISHED:
        published = [row.outcome is ReviewOutcome.PUBLISHED for row, *_names in found]
        found = found[: len(found) - published[::-1].index(True)] if any(published) else ()
    return [ReviewRead.of(*each) for each in found]


def waiting_read(session: Session, rows: Sequence[DataResource]) -> list[WaitingRead]:
    """Entries of a queue with the names of those who submitted them."""
    names = accounts.user_names(session, {row.submitter_id for row in rows if row.submitter_id})
    return [
        WaitingRead(
            **dict(shown), submitter=names.get(row.submitter_id) if row.submitter_id else None
        )
        for row, shown in zip(rows, registering.summaries(session, rows), strict=True)
    ]


def entry(session: Session, resource: DataResource, version: int | None = None) -> CatalogEntry:
    """A published version as it was, the latest without ``version``. Raises ``NotFound``."""
    found = repository.publication(session, resource.id, version or resource.published_version)
    if found is None:
        raise NotFound
    return _entry(resource, found)


def latest_entries(session: Session, rows: Sequence[DataResource]) -> Mapping[UUID, CatalogEntry]:
    """The latest version of each as it was, by the entry's id; what was never published is not
    in it.
    """
    found = repository.latest(session, [row.entry_id for row in rows])
    return {row.entry_id: _entry(row, found[row.entry_id]) for row in rows if row.entry_id in found}


def _entry(resource: DataResource, version: Publication) -> CatalogEntry:
    return CatalogEntry.model_validate(
        {
            **version.entry,
            "latest_version": resource.published_version,
            "is_self_reviewed": version.is_self_reviewed,
        }
    )


def entry_shown(session: Session, resource: DataResource, version: int | None) -> ResourceRead:
    """The version asked for, the latest one, or the entry as it stands before the first."""
    if resource.published_version or version is not None:
        return entry(session, resource, version)
    return registering.read(session, resource)


def versions(session: Session, resource: DataResource) -> Sequence[tuple[int, datetime]]:
    """Number and moment of every published version, the newest first."""
    return repository.publications(session, resource.id)


def self_reviews(
    session: Session, wanted: PageRequest | None = None
) -> tuple[list[SelfReviewRead], str | None]:
    """What the data administration decided about itself, the latest first; one page or all."""
    rows, following = self_reviews_of.self_reviewed(session, wanted)
    return [SelfReviewRead.model_validate(row, from_attributes=True) for row in rows], following


def _publish(
    session: Session, subject: Subject, resource: DataResource, body: ReviewCreate
) -> DataResource:
    negative.queue(session, resource)
    registration.check_complete(session, resource)
    is_own, submitter_id = _is_own(subject, resource), resource.submitter_id
    stood = resource.state
    version = resource.published_version + 1
    data = editions.coming(session, [resource]).get(resource.id)
    _note(session, subject, resource, ways.PUBLISH, body)
    if resource.copy_of is not None:
        resource = copies.put_in_place(session, subject, resource)
    resource.published_version, resource.published_at = version, now()
    resource.writer_ids, resource.consenter_id, resource.submitter_id = [], None, None
    edition = editions.publish(session, subject, resource, data)
    snapshot_id = edition.snapshot_id if edition else None
    why = {"published_version": resource.published_version, "snapshot": snapshot_id}
    if is_own:
        why |= {"self_reviewed": True}
    take(session, subject, resource, ways.PUBLISH, why=why, stood=stood)
    updates.meet(session, subject, resource)
    negative.publish_with(session, subject, resource, submitter_id or resource.registrar_id)
    shown = registering.read(session, resource)
    resources.index(resource, [item.name for item in shown.items], shown.provider)
    session.add(
        Publication(
            resource_id=resource.id,
            version=resource.published_version,
            snapshot_id=snapshot_id,
            entry={**shown.model_dump(mode="json"), "resource_id": str(resource.id)},
            published_at=resource.published_at,
            published_by=_person(subject),
            submitter_id=submitter_id,
            is_self_reviewed=is_own,
        )
    )
    if version > 1:
        enqueue(session, FOLLOW_CHANGE, lock=resource.code, resource_id=str(resource.id))
    session.flush()
    return resource


def _return(
    session: Session, subject: Subject, resource: DataResource, step: Step[State], remark: str
) -> DataResource:
    body = ReviewCreate(outcome=ReviewOutcome.RETURNED, remark=remark)
    reviewed = _note(session, subject, resource, step, body)
    resource.consenter_id = None
    why, words = {"step": reviewed.value}, {"remark": remark}
    take(session, subject, resource, step, why=why, words=words)
    return resource


def _note(
    session: Session,
    subject: Subject,
    resource: DataResource,
    step: Step[State],
    body: ConsentCreate | ReviewCreate,
) -> ReviewStep:
    """Write down who says what about which version; gives the step of the review it is said in.

    Raises ``NotPossibleNow``.
    """
    turn = step.at[0].step
    assert turn is not None, "a review is decided upon in its own states"
    if (
        resource.review_step is not None and resource.review_step is not turn
    ):  # not theirs to return
        raise NotPossibleNow(_("It is the turn of: %(step)s", step=resource.review_step.label))
    check(resource, step)
    looked_at = registering.read(session, resource)
    session.add(
        PublicationReview(
            resource_id=resource.entry_id,
            version=looked_at.version,
            entry=looked_at.model_dump(mode="json"),
            step=turn,
            outcome=ReviewOutcome(body.outcome),
            remark=body.remark,
            reviewer_id=_person(subject),
            submitter_id=resource.submitter_id,
            is_self_reviewed=turn is ReviewStep.ADMINISTRATION and _is_own(subject, resource),
        )
    )
    session.flush()  # the database looks who wrote and who consented while the row still says so
    return turn


def _is_own(subject: Subject, resource: DataResource) -> bool:
    """Whether the data administration looks at an entry of its own department (本部门自审): it is
    the department whose data administrator decides.
    """
    return subject.department_id == resource.provider_id


def _person(subject: Subject) -> UUID:
    if subject.user_id is None:
        raise Forbidden(_("Only a person decides on a catalogue entry"))
    return subject.user_id
