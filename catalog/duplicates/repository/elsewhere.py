"""The statement that finds what other departments publish of the same elements."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from catalog.resources.models import DataResource
from catalog.resources.repository import visible_to
from shuqiao.subject import Subject

#: Items that follow one of the elements, or are suspected to be one and were not said to be none.
_SHARED: Final = text("""
    WITH held AS (
        SELECT resource_id, element_id FROM resource_item
        WHERE element_id = ANY(:elements) AND removed_in IS NULL
        UNION
        SELECT found.resource_id, found.element_id FROM suspected_duplicate AS found
        JOIN resource_item AS item ON item.id = found.item_id
        WHERE found.element_id = ANY(:elements) AND item.element_id IS NULL
            AND item.removed_in IS NULL AND NOT EXISTS (SELECT FROM duplicate_ruling AS said
                WHERE said.item_id = found.item_id AND said.element_id = found.element_id
                AND said.fingerprint = found.fingerprint)
    )
    SELECT resource_id, array_agg(element_id) FROM held
    JOIN data_resource ON data_resource.id = resource_id
    WHERE status = 'published' AND copy_of IS NULL AND provider_id <> :provider
    GROUP BY resource_id HAVING count(*) >= :least ORDER BY count(*) DESC, resource_id LIMIT :most
""")


def sharing(
    session: Session,
    subject: Subject,
    resource: DataResource,
    elements: Collection[UUID],
    *,
    least: int,
    most: int,
) -> list[tuple[DataResource, list[UUID]]]:
    """Published entries of other departments that hold at least ``least`` of the elements, those
    with the most first, and which; of them those that ``subject`` may see.
    """
    asked = {"elements": list(elements), "provider": resource.provider_id}
    rows = session.connection().execute(_SHARED, {**asked, "least": least, "most": most})
    found: Mapping[UUID, list[UUID]] = {row[0]: row[1] for row in rows}
    query = select(DataResource).where(col(DataResource.id).in_(found), visible_to(subject))
    shown = {each.id: each for each in session.exec(query)}
    return [(shown[id], ids) for id, ids in found.items() if id in shown]
