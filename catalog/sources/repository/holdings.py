"""Who holds data elements, and how many of them have a source."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, TextClause, func, text
from sqlalchemy import literal_column as column_of
from sqlalchemy import select as select_rows
from sqlmodel import Session, col, select

from auth.areas.words import span_of
from auth.departments.models import Department
from catalog.resources.models import DataResource, ResourceItem
from catalog.resources.words import ResourceStatus

#: An item of an entry that is there: drafts count, working copies stand for their entries.
_HELD: Final = (
    col(ResourceItem.removed_in).is_(None),
    col(DataResource.copy_of).is_(None),
    col(DataResource.status) != ResourceStatus.TAKEN_DOWN,
)


#: What was taken from its source, or worked out from it, is not collected (Art. 19).
_COLLECTED: Final = text("coalesce(resource_item.origin ->> 'kind', 'collected') = 'collected'")


def _near(area_code: str) -> TextClause:
    """The area of the department shares ground with this one, or is not stated."""
    span = span_of(area_code)
    return text(
        "(department.area_code IS NULL"
        " OR source_area_range(department.area_code) && int4range(:start, :stop))"
    ).bindparams(start=span.start, stop=span.stop)


def collectors(session: Session, element_id: UUID, area_code: str) -> Sequence[Department]:
    """Departments that collect the element by an item of theirs, by name: those whose area shares
    ground with ``area_code``, or is not stated.
    """
    query = (
        select(Department)
        .join(DataResource, col(DataResource.provider_id) == col(Department.id))
        .join(ResourceItem, col(ResourceItem.resource_id) == col(DataResource.id))
        .where(col(ResourceItem.element_id) == element_id, *_HELD, _COLLECTED, _near(area_code))
        .distinct()
    )
    return session.exec(query.order_by(col(Department.name))).all()


#: The provider says of the item that it collects it itself.
_SAYS_COLLECTED: Final = text("resource_item.origin ->> 'kind' = 'collected'")


def collected_elsewhere(
    session: Session, element_ids: Collection[UUID], home: Department
) -> Sequence[tuple[UUID, Department, str]]:
    """(element, department, code) of the entries of other departments that are under review or
    published and say that they collect these elements themselves, on ground that ``home`` shares;
    the earliest first.
    """
    if not element_ids:
        return []
    query = (
        select_rows(col(ResourceItem.element_id), Department, col(DataResource.code))
        .join(DataResource, col(ResourceItem.resource_id) == col(DataResource.id))
        .join(Department, col(DataResource.provider_id) == col(Department.id))
        .where(
            col(ResourceItem.element_id).in_(element_ids),
            col(DataResource.status).in_((ResourceStatus.IN_REVIEW, ResourceStatus.PUBLISHED)),
            col(Department.id) != home.id,
            *_HELD,
            _SAYS_COLLECTED,
        )
    )
    if home.area_code is not None:
        query = query.where(_near(home.area_code))
    query = query.order_by(col(DataResource.created_at), col(DataResource.id))
    return [tuple(row) for row in session.execute(query)]


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
