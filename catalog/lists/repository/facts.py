"""What a line says beside the entry: sources, data that stands behind it, who published it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from auth.accounts.models import AppUser
from auth.departments.models import Department
from auth.duties.models import Duty
from catalog.editions.models import Edition
from catalog.elements.models import DataElement
from catalog.negative.models import NegativeCover, NegativeEntry
from catalog.sources.models import SourceClaim


class Source(NamedTuple):
    """A department that is the source of an element, in which areas, and on what that rests."""

    element: str
    department_id: UUID
    department: str
    #: Ranges of area codes.
    span: Any
    duty: Duty | None
    document: str
    article: str

    def covers(self, area_code: str | None) -> bool:
        """Whether it is the source for an area; what is not stated fits everything."""
        return area_code is None or any(int(area_code) in each for each in self.span)

    @property
    def basis(self) -> str:
        if self.duty is None:
            return " ".join(filter(None, (self.document, self.article)))
        told = (self.duty.duty_no, self.duty.document, self.duty.document_no, self.duty.article)
        return " ".join(filter(None, told))


def sources(
    session: Session, identifiers: Collection[str], day: date
) -> Mapping[str, Sequence[Source]]:
    """The sources of these elements on a day, by identifier."""
    query = (
        select(SourceClaim, DataElement.identifier, Department.name, Duty)
        .join(DataElement, col(DataElement.id) == col(SourceClaim.element_id))
        .join(Department, col(Department.id) == col(SourceClaim.department_id))
        .outerjoin(Duty, col(Duty.id) == col(SourceClaim.duty_id))
        .where(
            col(DataElement.identifier).in_(identifiers),
            col(SourceClaim.confirmed_on) <= day,
            or_(col(SourceClaim.ended_on).is_(None), col(SourceClaim.ended_on) > day),
        )
        .order_by(col(SourceClaim.claim_no))
    )
    found: dict[str, list[Source]] = {}
    for claim, identifier, name, duty in session.exec(query):
        source = Source(
            identifier,
            claim.department_id,
            name,
            claim.area_span,
            duty,
            claim.document,
            claim.article,
        )
        found.setdefault(identifier, []).append(source)
    return found


def mounted(session: Session, resource_ids: Collection[UUID], at: datetime) -> frozenset[UUID]:
    """Those of these entries whose data was there at the moment."""
    query = select(Edition.resource_id).where(
        col(Edition.resource_id).in_(resource_ids),
        col(Edition.current_from) <= at,
        or_(col(Edition.ended_at).is_(None), col(Edition.ended_at) > at),
    )
    return frozenset(session.exec(query))


def homes(session: Session, user_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """The departments that these people belong to."""
    query = (
        select(AppUser.id, Department.name)
        .join(Department, col(Department.id) == col(AppUser.department_id))
        .where(col(AppUser.id).in_(user_ids))
    )
    return dict(session.exec(query).all())


def struck_by(
    session: Session, item_ids: Collection[UUID], at: datetime
) -> Mapping[UUID, NegativeEntry]:
    """The entry by which each of these items was struck at the moment: the first that is not over,
    else the first.
    """
    query = (
        select(NegativeCover.item_id, NegativeEntry)
        .join(NegativeEntry, col(NegativeEntry.id) == col(NegativeCover.entry_id))
        .where(
            col(NegativeCover.item_id).in_(item_ids),
            col(NegativeCover.since) <= at,
            or_(col(NegativeCover.until).is_(None), col(NegativeCover.until) > at),
        )
        .order_by(col(NegativeEntry.ended_at).desc().nulls_first(), col(NegativeEntry.entry_no))
    )
    found: dict[UUID, NegativeEntry] = {}
    for item_id, entry in session.exec(query):
        found.setdefault(item_id, entry)
    return found
