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
from catalog.negative.models import NegativeContest, NegativeEntry
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


def _decided(
    kind: SelfReview,
    case: Any,
    *shown: Any,
    department: Any,
    by: str = "decider_id",
    at: str = "decided_at",
) -> Any:
    """The decisions of one kind; ``shown``: the case's number, what it is about, its title."""
    number, code, title = shown
    return (
        select_columns(
            col(case.id),
            literal(kind.value).label("kind"),
            col(number).label("number"),
            code,
            col(title),
            null().cast(Integer),
            col(Department.name),
            col(AppUser.name),
            col(getattr(case, at)),
        )
        .select_from(case)
        .join(AppUser, col(AppUser.id) == col(getattr(case, by)))
        .join(Department, col(Department.id) == col(department))
        .where(col(case.is_self_reviewed))
    )


def _element_of(case: Any) -> Any:
    """The identifier of the data element that a case is about."""
    return (
        select_columns(col(DataElement.identifier))
        .where(col(DataElement.id) == col(case.element_id))
        .scalar_subquery()
    )


_ALL: Final = (
    _SELF_PUBLISHED,
    _decided(
        SelfReview.EXTENSION,
        CatalogueChange,
        CatalogueChange.change_no,
        col(CatalogueChange.resource_code),
        CatalogueChange.resource_title,
        department=CatalogueChange.provider_id,
    ),
    _decided(
        SelfReview.ELEMENT,
        ElementProposal,
        ElementProposal.proposal_no,
        _element_of(ElementProposal),
        ElementProposal.title,
        department=ElementProposal.proposer_id,
    ),
    _decided(
        SelfReview.SOURCE,
        SourceClaim,
        SourceClaim.claim_no,
        _element_of(SourceClaim),
        SourceClaim.element_name,
        department=SourceClaim.department_id,
    ),
    _decided(
        SelfReview.CONFLICT,
        SourceConflict,
        SourceConflict.conflict_no,
        _element_of(SourceConflict),
        SourceConflict.element_name,
        department=AppUser.department_id,
    ),
    _decided(
        SelfReview.NEGATIVE_ENTRY,
        NegativeEntry,
        NegativeEntry.entry_no,
        col(NegativeEntry.entry_no),
        NegativeEntry.basis_name,
        department=NegativeEntry.department_id,
        by="approver_id",
        at="in_force_at",
    ),
    _decided(
        SelfReview.CONTEST,
        NegativeContest,
        NegativeContest.contest_no,
        col(NegativeContest.entry_no),
        NegativeContest.entry_no,
        department=AppUser.department_id,
    ),
)


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
