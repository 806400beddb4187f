"""Every SQL statement about sources of data elements."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, text
from sqlalchemy import literal_column as column_of
from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from auth.areas.words import span_of
from auth.departments.models import Department
from auth.duties.models import Duty
from auth.visibility import visible
from catalog.elements.models import DataElement
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ResourceStatus
from catalog.sources.models import ObjectScope, SourceClaim, SourceCountersign, SourceException
from catalog.sources.words import OPEN, ClaimStatus
from policies.actions import Action
from shuqiao.db import column
from shuqiao.subject import Subject
from shuqiao.web.paging import PageRequest

#: Decisions on the source of one element follow each other.
_ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(8092019, :number)")


def queue(session: Session, element: DataElement) -> None:
    """Wait until nobody else decides on a source of the element, until this transaction ends.

    Taken before any row is locked, so that nobody waits in a circle.
    """
    session.connection().execute(_ONE_AT_A_TIME, {"number": element.number})


def element_as_it_stays(session: Session, element_id: UUID) -> DataElement:
    """The element as it is until this transaction ends: nothing of it is published meanwhile."""
    return session.get_one(
        DataElement, element_id, with_for_update={"read": True}, populate_existing=True
    )


def by_no(session: Session, no: str, *, lock: bool = False) -> SourceClaim | None:
    """The claim; ``lock``: to be changed, in the queue of its element."""
    query = select(SourceClaim).where(SourceClaim.claim_no == no)
    if not lock:
        return session.exec(query).first()
    number = select(SourceClaim.element_number).where(SourceClaim.claim_no == no)
    session.connection().execute(_ONE_AT_A_TIME, {"number": session.exec(number).first()})
    return session.exec(query.with_for_update()).first()


def by_id(session: Session, claim_id: UUID, *, lock: bool = False) -> SourceClaim:
    return session.get_one(SourceClaim, claim_id, with_for_update=lock)


def of_element(session: Session, element_id: UUID) -> Sequence[SourceClaim]:
    """All claims, the newest first."""
    query = select(SourceClaim).where(SourceClaim.element_id == element_id)
    return session.exec(query.order_by(col(SourceClaim.id).desc())).all()


def confirmed(
    session: Session, element_ids: Collection[UUID], *, area_code: str | None = None
) -> Sequence[SourceClaim]:
    """The sources that stand, by element, scope and area; with ``area_code`` those whose area
    contains it and does not except it.
    """
    query = select(SourceClaim).where(
        col(SourceClaim.element_id).in_(element_ids), SourceClaim.status == ClaimStatus.CONFIRMED
    )
    if area_code is not None:
        query = query.where(_contains(area_code))
    order = (SourceClaim.element_id, SourceClaim.scope_number, SourceClaim.area_code)
    return session.exec(query.order_by(*(column(each) for each in order))).all()


def _contains(area_code: str) -> ColumnElement[bool]:
    span = func.int4range(span_of(area_code).start, span_of(area_code).stop)
    return column(SourceClaim.area_span).op("@>", is_comparison=True)(span)


def overlapping(
    session: Session, claim: SourceClaim, statuses: Collection[ClaimStatus]
) -> Sequence[SourceClaim]:
    """Other claims of these states that share objects and area with ``claim``, the oldest first."""
    query = select(SourceClaim).where(
        SourceClaim.element_id == claim.element_id,
        SourceClaim.id != claim.id,
        col(SourceClaim.status).in_(statuses),
        column(SourceClaim.area_span).op("&&", is_comparison=True)(
            select_rows(column(SourceClaim.area_span))
            .where(column(SourceClaim.id) == claim.id)
            .scalar_subquery()
        ),
    )
    if claim.scope_id is not None:
        query = query.where(
            or_(col(SourceClaim.scope_id).is_(None), col(SourceClaim.scope_id) == claim.scope_id)
        )
    return session.exec(query.order_by(col(SourceClaim.id))).all()


def open_claims(session: Session, element_ids: Collection[UUID]) -> Sequence[SourceClaim]:
    """Claims that wait for the data administration, the oldest first."""
    query = select(SourceClaim).where(
        col(SourceClaim.element_id).in_(element_ids), col(SourceClaim.status).in_(OPEN)
    )
    return session.exec(query.order_by(col(SourceClaim.id))).all()


def undecided_or_standing(session: Session, element_id: UUID) -> Sequence[str]:
    """Numbers of the claims of an element that stand or wait, the oldest first."""
    query = select(SourceClaim.claim_no).where(
        SourceClaim.element_id == element_id,
        col(SourceClaim.status).in_((*OPEN, ClaimStatus.CONFIRMED)),
    )
    return session.exec(query.order_by(col(SourceClaim.id))).all()


def of_department(session: Session, department_id: UUID) -> Sequence[SourceClaim]:
    """The claims of a department that stand or wait, by number."""
    query = select(SourceClaim).where(
        SourceClaim.department_id == department_id,
        col(SourceClaim.status).in_((*OPEN, ClaimStatus.CONFIRMED)),
    )
    return session.exec(query.order_by(col(SourceClaim.claim_no))).all()


def page(
    session: Session, subject: Subject, wanted: PageRequest, status: ClaimStatus | None
) -> tuple[Sequence[SourceClaim], str | None]:
    """One page of claims by number, the newest first; of one state, or of all."""
    query = select(SourceClaim).where(visible(Action.SOURCE_READ, subject, {}))
    if status is not None:
        query = query.where(SourceClaim.status == status)
    rows = session.exec(wanted.keyset(query, column(SourceClaim.claim_no), descending=True)).all()
    return wanted.cut(rows, lambda row: (row.claim_no,))


def numbers(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Public numbers of claims, by id."""
    query = select(SourceClaim.id, SourceClaim.claim_no).where(col(SourceClaim.id).in_(ids))
    return dict(session.exec(query).all())


def duty_numbers(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    query = select(Duty.id, Duty.duty_no).where(col(Duty.id).in_(ids))
    return dict(session.exec(query).all())


def scopes(session: Session, element_id: UUID) -> Sequence[ObjectScope]:
    """The object scopes of an element, in the order in which they were registered."""
    query = select(ObjectScope).where(ObjectScope.element_id == element_id)
    return session.exec(query.order_by(col(ObjectScope.number))).all()


def scope_names(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    query = select(ObjectScope.id, ObjectScope.name).where(col(ObjectScope.id).in_(ids))
    return dict(session.exec(query).all())


def exceptions(session: Session, claim_ids: Collection[UUID]) -> Sequence[SourceException]:
    """The exceptions of these claims, by area."""
    query = select(SourceException).where(col(SourceException.claim_id).in_(claim_ids))
    return session.exec(query.order_by(col(SourceException.area_code))).all()


def countersigns(session: Session, claim_id: UUID) -> Sequence[SourceCountersign]:
    """The countersignings of a claim, in the order in which they were asked for."""
    query = select(SourceCountersign).where(SourceCountersign.claim_id == claim_id)
    return session.exec(query.order_by(col(SourceCountersign.id))).all()


def countersign_by_no(session: Session, no: str, *, lock: bool = False) -> SourceCountersign | None:
    """The countersigning; ``lock``: with its claim, in the queue of the element."""
    if lock:
        by_no(session, no.partition("#")[0], lock=True)
    query = select(SourceCountersign).where(SourceCountersign.countersign_no == no)
    return session.exec(query.with_for_update() if lock else query).first()


#: An item of an entry that is there: drafts count, working copies stand for their entries.
_HELD: Final = (
    col(ResourceItem.removed_in).is_(None),
    col(DataResource.copy_of).is_(None),
    col(DataResource.status) != ResourceStatus.TAKEN_DOWN,
)


#: What was taken from its source, or worked out from it, is not collected (Art. 19).
_COLLECTED: Final = text("coalesce(resource_item.origin ->> 'kind', 'collected') = 'collected'")


def collectors(session: Session, element_id: UUID, area_code: str) -> Sequence[Department]:
    """Departments that collect the element by an item of theirs, by name: those whose area shares
    ground with ``area_code``, or is not stated.
    """
    span = span_of(area_code)
    is_near = text(
        "(department.area_code IS NULL"
        " OR source_area_range(department.area_code) && int4range(:start, :stop))"
    ).bindparams(start=span.start, stop=span.stop)
    query = (
        select(Department)
        .join(DataResource, col(DataResource.provider_id) == col(Department.id))
        .join(ResourceItem, col(ResourceItem.resource_id) == col(DataResource.id))
        .where(col(ResourceItem.element_id) == element_id, *_HELD, _COLLECTED, is_near)
        .distinct()
    )
    return session.exec(query.order_by(col(Department.name))).all()


def published_entries(
    session: Session, element_id: UUID, provider_ids: Collection[UUID] | None = None
) -> Sequence[DataResource]:
    """Published entries that hold the element, by code; of these departments, or of all."""
    held = select(ResourceItem.resource_id).where(
        ResourceItem.element_id == element_id, col(ResourceItem.removed_in).is_(None)
    )
    query: Any = select(DataResource).where(
        col(DataResource.id).in_(held),
        DataResource.status == ResourceStatus.PUBLISHED,
        col(DataResource.copy_of).is_(None),
    )
    if provider_ids is not None:
        query = query.where(col(DataResource.provider_id).in_(provider_ids))
    found: Sequence[DataResource] = session.exec(query.order_by(col(DataResource.code))).all()
    return found


#: How many items are taken from their source or worked out from it, and from whom.
_COPIED: Final[ColumnElement[int]] = column_of(
    "count(*) FILTER (WHERE resource_item.origin ->> 'kind' = 'copied')"
)
_PROCESSED: Final[ColumnElement[int]] = column_of(
    "count(*) FILTER (WHERE resource_item.origin ->> 'kind' = 'processed')"
)
_TAKEN_FROM: Final[ColumnElement[Any]] = column_of(
    "array_remove(array_agg(DISTINCT resource_item.origin ->> 'department_name'), NULL)"
)


def holdings(
    session: Session, element_id: UUID
) -> Sequence[tuple[Department, int, int, int, int, Sequence[str]]]:
    """(department, entries, items, of these copied, processed, taken from whom) that hold the
    element, by name; what was taken down is not in it.
    """
    query = (
        select_rows(
            Department,
            func.count(col(DataResource.id).distinct()),
            func.count(col(ResourceItem.id)),
            *(_COPIED, _PROCESSED, _TAKEN_FROM),
        )
        .join(DataResource, col(DataResource.provider_id) == col(Department.id))
        .join(ResourceItem, col(ResourceItem.resource_id) == col(DataResource.id))
        .where(col(ResourceItem.element_id) == element_id, *_HELD)
        .group_by(col(Department.id))
        .order_by(col(Department.name))
    )
    return [tuple(row) for row in session.execute(query)]


#: Elements that need a source and are held, by the department that holds them; with whether there
#: is a source, and whether it is that department. The last line is all of them together.
_COVERAGE: Final = text("""
WITH held AS (
    SELECT DISTINCT item.element_id, entry.provider_id
    FROM resource_item item
    JOIN data_resource entry ON entry.id = item.resource_id
    JOIN data_element element ON element.id = item.element_id
    WHERE item.removed_in IS NULL AND entry.copy_of IS NULL AND entry.status <> 'taken_down'
        AND element.sourcing = 'authoritative' AND element.status IN ('recorded', 'standard')
        AND element.duplicate_of_id IS NULL
), told AS (
    SELECT held.element_id, held.provider_id,
        EXISTS (SELECT FROM source_claim c WHERE c.element_id = held.element_id
            AND c.status = 'confirmed') AS has_source,
        EXISTS (SELECT FROM source_claim c WHERE c.element_id = held.element_id
            AND c.status = 'confirmed' AND c.department_id = held.provider_id) AS is_source
    FROM held
)
SELECT department.name, department.code, count(DISTINCT element_id),
    count(DISTINCT element_id) FILTER (WHERE has_source),
    count(DISTINCT element_id) FILTER (WHERE is_source)
FROM told LEFT JOIN department ON department.id = told.provider_id
GROUP BY GROUPING SETS ((department.name, department.code), ())
ORDER BY department.name NULLS LAST
""")


def coverage(session: Session) -> Sequence[tuple[str | None, str | None, int, int, int]]:
    """(department, code, elements in use, of them with a source, of them as the source); all
    together in the last row, without a department.
    """
    return [tuple(row) for row in session.connection().execute(_COVERAGE)]
