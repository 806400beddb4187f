"""What a department decided about itself (本部门自审), for its superior."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Select, String, literal, null, union_all
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from auth.accounts.models import AppUser
from auth.departments.models import Department
from catalog.conflicts.models import SourceConflict
from catalog.elements.models import DataElement
from catalog.proposals.models import ElementProposal
from catalog.publication.models import Publication
from catalog.publication.words import SelfReview
from catalog.resources.models import DataResource
from catalog.sources.models import SourceClaim
from catalog.updates.models import CatalogueChange
from shuqiao.web.paging import PageRequest


class SelfReviewed(NamedTuple):
    """One decision about the own department: ``number`` of the case, or ``version`` of the entry
    that was published.
    """

    id: UUID
    kind: str
    number: str | None
    code: str
    title: str
    version: int | None
    department: str
    decided_by: str
    decided_at: datetime


_SELF_PUBLISHED: Final[Any] = (
    select_columns(
        col(Publication.id),
        literal(SelfReview.ENTRY.value).label("kind"),
        null().cast(String).label("number"),
        col(DataResource.code),
        col(Publication.entry)["title"].astext.label("title"),
        col(Publication.version),
        col(Department.name).label("department"),
        col(AppUser.name).label("decided_by"),
        col(Publication.published_at).label("decided_at"),
    )
    .join(DataResource, col(DataResource.id) == col(Publication.resource_id))
    .join(Department, col(Department.id) == col(DataResource.provider_id))
    .join(AppUser, col(AppUser.id) == col(Publication.published_by))
    .where(col(Publication.is_self_reviewed))
)
_SELF_EXTENDED: Final[Any] = (
    select_columns(
        col(CatalogueChange.id),
        literal(SelfReview.EXTENSION.value).label("kind"),
        col(CatalogueChange.change_no).label("number"),
        col(CatalogueChange.resource_code),
        col(CatalogueChange.resource_title),
        null().cast(Integer),
        col(Department.name),
        col(AppUser.name),
        col(CatalogueChange.decided_at),
    )
    .join(Department, col(Department.id) == col(CatalogueChange.provider_id))
    .join(AppUser, col(AppUser.id) == col(CatalogueChange.decider_id))
    .where(col(CatalogueChange.is_self_reviewed))
)
_SELF_DECIDED: Final[Any] = (
    select_columns(
        col(ElementProposal.id),
        literal(SelfReview.ELEMENT.value).label("kind"),
        col(ElementProposal.proposal_no).label("number"),
        col(DataElement.identifier),
        col(ElementProposal.title),
        null().cast(Integer),
        col(Department.name),
        col(AppUser.name),
        col(ElementProposal.decided_at),
    )
    .join(DataElement, col(DataElement.id) == col(ElementProposal.element_id))
    .join(Department, col(Department.id) == col(ElementProposal.proposer_id))
    .join(AppUser, col(AppUser.id) == col(ElementProposal.decider_id))
    .where(col(ElementProposal.is_self_reviewed))
)
_SELF_NAMED: Final[Any] = (
    select_columns(
        col(SourceClaim.id),
        literal(SelfReview.SOURCE.value).label("kind"),
        col(SourceClaim.claim_no).label("number"),
        col(DataElement.identifier),
        col(SourceClaim.element_name),
        null().cast(Integer),
        col(Department.name),
        col(AppUser.name),
        col(SourceClaim.decided_at),
    )
    .join(DataElement, col(DataElement.id) == col(SourceClaim.element_id))
    .join(Department, col(Department.id) == col(SourceClaim.department_id))
    .join(AppUser, col(AppUser.id) == col(SourceClaim.decider_id))
    .where(col(SourceClaim.is_self_reviewed))
)
_SELF_SETTLED: Final[Any] = (
    select_columns(
        col(SourceConflict.id),
        literal(SelfReview.CONFLICT.value).label("kind"),
        col(SourceConflict.conflict_no).label("number"),
        col(DataElement.identifier),
        col(SourceConflict.element_name),
        null().cast(Integer),
        col(Department.name),
        col(AppUser.name),
        col(SourceConflict.decided_at),
    )
    .join(DataElement, col(DataElement.id) == col(SourceConflict.element_id))
    .join(AppUser, col(AppUser.id) == col(SourceConflict.decider_id))
    .join(Department, col(Department.id) == col(AppUser.department_id))
    .where(col(SourceConflict.is_self_reviewed))
)
_ALL: Final = (_SELF_PUBLISHED, _SELF_EXTENDED, _SELF_NAMED, _SELF_DECIDED, _SELF_SETTLED)


def self_reviewed(
    session: Session, wanted: PageRequest | None = None
) -> tuple[Sequence[SelfReviewed], str | None]:
    """What a department decided about itself, the latest first; all without ``wanted``."""
    listed = union_all(*_ALL).subquery()
    query: Select[Any] = select_columns(listed)
    order = (listed.c.decided_at, listed.c.id)
    if wanted is None:
        found = session.connection().execute(query.order_by(*(each.desc() for each in order)))
        return [SelfReviewed(*row) for row in found], None
    rows = session.connection().execute(wanted.keyset(query, *order, descending=True)).all()
    shown = [SelfReviewed(*row) for row in rows]
    return wanted.cut(shown, lambda row: (row.decided_at, row.id))
