"""Consent, review and publication, and what the catalogue shows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from audit.append import append
from audit.events import Event
from auth.roles import Role
from catalog.attachments.service import files
from catalog.publication import repository
from catalog.publication.models import Publication, PublicationReview
from catalog.publication.schemas import CatalogEntry, ConsentCreate, ReviewCreate, ReviewRead
from catalog.publication.words import ReviewOutcome
from catalog.registration import service as registration
from catalog.resources import repository as resources
from catalog.resources import service as registering
from catalog.resources.errors import NotPossibleNow
from catalog.resources.models import DataResource
from catalog.resources.schemas import ResourceRead
from catalog.resources.words import Act, ReviewStep
from policies.deadlines import Clock, deadlines
from shuqiao.clock import now, today
from shuqiao.desk import clocks, messages, todos
from shuqiao.errors import Forbidden, NotFound
from shuqiao.i18n import Message, _
from shuqiao.subject import Subject

REVIEW_TODO = "review_resource"


def consent(
    session: Session, subject: Subject, resource: DataResource, body: ConsentCreate
) -> DataResource:
    """The department head's word on ``resource`` (locked); consent starts the review clock.

    ``NotPossibleNow``.
    """
    if body.outcome is ReviewOutcome.RETURNED:
        return _return(session, subject, resource, ReviewStep.HEAD_CONSENT, body.remark)
    resource.consented_at = now()
    change = _decide(session, subject, resource, Act.CONSENT, ReviewStep.HEAD_CONSENT, body)
    limit = deadlines()[Clock.CATALOGUE_REVIEW]
    clock = clocks.start(
        session,
        case_no=resource.code,
        kind=limit.clock.value,
        limit=limit.given,
        started_on=today(),
    )
    todos.done(session, case_no=resource.code, kind=registering.CONSENT_TODO, by=subject.user_id)
    todos.ask(
        session,
        case_no=resource.code,
        kind=REVIEW_TODO,
        role=Role.DATA_ADMIN,
        href=registering.review_href(resource),
        due_on=clock.due_on,
        what=_("Review the catalogue entry “%(title)s”", title=resource.title),
    )
    append(
        session,
        subject,
        Event.RESOURCE_CONSENTED,
        stream=resource.code,
        obj=resource.audit_ref(),
        why={"due_on": clock.due_on} if clock.due_on else None,
        change=change,
    )
    return resource


def review(
    session: Session, subject: Subject, resource: DataResource, body: ReviewCreate
) -> DataResource:
    """The data administration's word on ``resource`` (locked).

    Raises ``NotPossibleNow``, ``Incomplete``.
    """
    if body.outcome is ReviewOutcome.RETURNED:
        return _return(session, subject, resource, ReviewStep.ADMINISTRATION, body.remark)
    return _publish(session, subject, resource, body)


def reviewed(session: Session, resource: DataResource) -> list[ReviewRead]:
    """The steps of the review so far, oldest first."""
    return [ReviewRead.of(row, name) for row, name in repository.reviews(session, resource.id)]


def entry(session: Session, resource: DataResource, version: int | None = None) -> CatalogEntry:
    """A published version as it was, the latest without ``version``. Raises ``NotFound``."""
    found = repository.publication(session, resource.id, version or resource.published_version)
    if found is None:
        raise NotFound
    return CatalogEntry.model_validate(
        {**found.entry, "latest_version": resource.published_version}
    )


def entry_shown(session: Session, resource: DataResource, version: int | None) -> ResourceRead:
    """The version asked for, the latest one, or the entry as it stands before the first."""
    if resource.published_version or version is not None:
        return entry(session, resource, version)
    return registering.read(session, resource)


def versions(session: Session, resource: DataResource) -> Sequence[tuple[int, datetime]]:
    """Number and moment of every published version, the newest first."""
    return repository.publications(session, resource.id)


def _publish(
    session: Session, subject: Subject, resource: DataResource, body: ReviewCreate
) -> DataResource:
    registration.check_complete(session, resource)
    resource.published_version += 1
    resource.published_at = now()
    change = _decide(session, subject, resource, Act.PUBLISH, ReviewStep.ADMINISTRATION, body)
    shown = registering.read(session, resource)
    resources.index(resource, [item.name for item in shown.items], shown.provider)
    snapshot_id = files.current_snapshot(session, resource.id)
    session.add(
        Publication(
            resource_id=resource.id,
            version=resource.published_version,
            snapshot_id=snapshot_id,
            entry={**shown.model_dump(mode="json"), "resource_id": str(resource.id)},
            published_at=resource.published_at,
            published_by=_person(subject),
        )
    )
    session.flush()
    what = _("“%(title)s” has been published", title=resource.title)
    _settle(session, subject, resource, what, registering.href(resource))
    append(
        session,
        subject,
        Event.RESOURCE_PUBLISHED,
        stream=resource.code,
        obj=resource.audit_ref(),
        why={"published_version": resource.published_version, "snapshot": snapshot_id},
        change=change,
    )
    return resource


def _return(
    session: Session, subject: Subject, resource: DataResource, step: ReviewStep, remark: str
) -> DataResource:
    body = ReviewCreate(outcome=ReviewOutcome.RETURNED, remark=remark)
    change = _decide(session, subject, resource, Act.RETURN, step, body)
    what = _("“%(title)s” was returned: %(remark)s", title=resource.title, remark=remark)
    _settle(session, subject, resource, what, registering.edit_href(resource))
    todos.ask(
        session,
        case_no=resource.code,
        kind=registering.CORRECTION_TODO,
        role=Role.REGISTRAR,
        department_id=resource.provider_id,
        href=registering.edit_href(resource),
        what=_("Correct the catalogue entry “%(title)s”", title=resource.title),
    )
    append(
        session,
        subject,
        Event.RESOURCE_RETURNED,
        stream=resource.code,
        obj=resource.audit_ref(),
        why={"step": step.value},
        change=change,
    )
    return resource


def _decide(
    session: Session,
    subject: Subject,
    resource: DataResource,
    act: Act,
    step: ReviewStep,
    body: ConsentCreate | ReviewCreate,
) -> tuple[str, str]:
    """Take the step and write down who said what about which version."""
    if (
        resource.review_step is not None and resource.review_step is not step
    ):  # not theirs to return
        raise NotPossibleNow(_("It is the turn of: %(step)s", step=resource.review_step.label))
    looked_at = registering.read(session, resource)
    change = registering.move(resource, act)
    session.add(
        PublicationReview(
            resource_id=resource.id,
            version=looked_at.version,
            entry=looked_at.model_dump(mode="json"),
            step=step,
            outcome=ReviewOutcome(body.outcome),
            remark=body.remark,
            reviewer_id=_person(subject),
        )
    )
    session.flush()
    return change


def _settle(
    session: Session, subject: Subject, resource: DataResource, what: Message, href: str
) -> None:
    """The review is over: tick off its tasks, close its clock, tell the registrar."""
    for kind in (registering.CONSENT_TODO, REVIEW_TODO):
        todos.done(session, case_no=resource.code, kind=kind, by=subject.user_id)
    clocks.close(session, case_no=resource.code, kind=Clock.CATALOGUE_REVIEW.value, on=today())
    messages.send(session, user_ids=[resource.registrar_id], what=what, href=href)


def _person(subject: Subject) -> UUID:
    if subject.user_id is None:
        raise Forbidden(_("Only a person decides on a catalogue entry"))
    return subject.user_id
