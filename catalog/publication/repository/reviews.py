"""Reviews and published versions, and what a department decided about itself."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    and_,
    or_,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from auth.accounts.models import AppUser
from auth.departments.models import Department
from auth.visibility import visible
from catalog.publication.models import Publication, PublicationReview
from catalog.publication.words import ReviewOutcome
from catalog.resources.models import DataResource
from catalog.resources.repository import FACTS, visible_to
from catalog.resources.words import ResourceStatus, ReviewStep
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

_SUBMITTER: Final = aliased(AppUser)


def publication(session: Session, resource_id: UUID, version: int) -> Publication | None:
    query = select_rows(Publication).where(
        Publication.resource_id == resource_id, Publication.version == version
    )
    return session.exec(query).first()


def latest(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Publication]:
    """The version of each of these resources that was published last, by the resource's id."""
    query = select_rows(Publication).join(
        DataResource,
        (col(DataResource.id) == col(Publication.resource_id))
        & (col(DataResource.published_version) == col(Publication.version)),
    )
    found = session.exec(query.where(col(Publication.resource_id).in_(ids)))
    return {row.resource_id: row for row in found}


def reviews(
    session: Session, resource_id: UUID
) -> Sequence[tuple[PublicationReview, str, str | None]]:
    """The steps so far, oldest first, with the names of reviewer and submitter."""
    query = (
        select_rows(PublicationReview, AppUser.name, _SUBMITTER.name)
        .join(AppUser, col(PublicationReview.reviewer_id) == col(AppUser.id))
        .outerjoin(_SUBMITTER, col(PublicationReview.submitter_id) == col(_SUBMITTER.id))
    )
    query = query.where(PublicationReview.resource_id == resource_id).order_by(
        col(PublicationReview.reviewed_at), col(PublicationReview.id)
    )
    return session.exec(query).all()


def returns(
    session: Session, resource_ids: Iterable[UUID]
) -> Sequence[tuple[PublicationReview, str]]:
    """Every return of these resources, oldest first, with the reviewers' names."""
    query = select_rows(PublicationReview, AppUser.name).join(
        AppUser, col(PublicationReview.reviewer_id) == col(AppUser.id)
    )
    query = query.where(
        col(PublicationReview.resource_id).in_(set(resource_ids)),
        PublicationReview.outcome == ReviewOutcome.RETURNED,
    )
    return session.exec(
        query.order_by(col(PublicationReview.reviewed_at), col(PublicationReview.id))
    ).all()


def last_looked_at(
    session: Session, steps: Mapping[UUID, ReviewStep]
) -> Mapping[UUID, PublicationReview]:
    """The last time that each resource's step was taken, with the entry as it was looked at, by the
    resource's id; one never looked at is not in it.
    """
    resource_id, step = col(PublicationReview.resource_id), col(PublicationReview.step)
    query = (
        select_rows(PublicationReview)
        .where(resource_id.in_(steps), col(PublicationReview.entry).is_not(None))
        .order_by(
            resource_id,
            step,
            col(PublicationReview.reviewed_at).desc(),
            col(PublicationReview.id).desc(),
        )
        .ext(distinct_on(resource_id, step))
    )
    found = session.exec(query)
    return {row.resource_id: row for row in found if row.step is steps[row.resource_id]}


def waiting_for(
    session: Session, subject: Subject, wanted: PageRequest
) -> tuple[Sequence[DataResource], str | None]:
    """Entries whose next step ``subject`` may take, by the rule of the
    single check; the longest waiting first.
    """
    steps = (
        (ReviewStep.HEAD_CONSENT, Action.RESOURCE_CONSENT),
        (ReviewStep.ADMINISTRATION, Action.RESOURCE_REVIEW),
    )
    mine = [
        and_(column(DataResource.review_step) == step, visible(action, subject, FACTS))
        for step, action in steps
    ]
    query = select_rows(DataResource).where(
        column(DataResource.status) == ResourceStatus.IN_REVIEW, or_(*mine)
    )
    order = (column(DataResource.updated_at), column(DataResource.id))
    rows = session.exec(wanted.keyset(query, *order)).all()
    return wanted.cut(rows, lambda row: (row.updated_at, row.id))


def steps_taken(
    session: Session, subject: Subject, limit: int
) -> Sequence[tuple[PublicationReview, DataResource]]:
    """What ``subject`` decided of what they may see, the latest first."""
    query = select_rows(PublicationReview, DataResource).join(
        DataResource, col(PublicationReview.resource_id) == col(DataResource.id)
    )
    query = query.where(PublicationReview.reviewer_id == subject.user_id, visible_to(subject))
    query = query.order_by(
        col(PublicationReview.reviewed_at).desc(), col(PublicationReview.id).desc()
    )
    return session.exec(query.limit(limit)).all()


def namesakes(
    session: Session, subject: Subject, resource: DataResource, limit: int = 5
) -> Sequence[str]:
    """Codes of other entries that ``subject`` may see and whose name looks the same, whatever
    signs stand in it.
    """
    query = select_rows(DataResource.code).where(
        col(DataResource.title_skeleton) == resource.title_skeleton,
        DataResource.id != resource.entry_id,
        visible_to(subject),
    )
    return session.exec(query.order_by(col(DataResource.code)).limit(limit)).all()


def publications(session: Session, resource_id: UUID) -> Sequence[tuple[int, datetime]]:
    """Number and moment of every published version, the newest first."""
    query = select_rows(Publication.version, Publication.published_at).where(
        Publication.resource_id == resource_id
    )
    return session.exec(query.order_by(col(Publication.version).desc())).all()


def published_since(
    session: Session, subject: Subject, moment: datetime, *, limit: int
) -> Sequence[tuple[DataResource, Publication]]:
    """Versions published since ``moment`` of entries that ``subject`` may
    see and that are published still, the latest first.
    """
    query = (
        select_rows(DataResource, Publication)
        .join(Publication, col(Publication.resource_id) == col(DataResource.id))
        .where(visible_to(subject), col(DataResource.status) == ResourceStatus.PUBLISHED)
        .where(col(Publication.published_at) >= moment)
        .order_by(col(Publication.published_at).desc(), col(Publication.id).desc())
        .limit(limit)
    )
    return session.exec(query).all()


def contact(session: Session, resource: DataResource) -> tuple[str, str]:
    """Credit code of the provider, and the name of who registers the resource."""
    query = select_rows(Department.code, AppUser.name).join(
        AppUser, col(AppUser.id) == resource.registrar_id
    )
    query = query.where(Department.id == resource.provider_id)
    return session.exec(query).one()


def kept_entries(session: Session, resource_id: UUID) -> Sequence[Publication]:
    """Every published version as it was, the newest first."""
    query = select_rows(Publication).where(Publication.resource_id == resource_id)
    return session.exec(query.order_by(col(Publication.version).desc())).all()
