"""How editions keep to their standards, as lines of the list of editions."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from catalog.conformity.views.standing import of_editions
from catalog.editions.models import Edition
from catalog.editions.views import StandingLine
from catalog.resources.models import DataResource


def lines_of_editions(
    session: Session, resource: DataResource, rows: Sequence[Edition]
) -> Mapping[UUID, StandingLine]:
    """By the edition's id."""
    address = f"/resources/{resource.url_code}/editions"
    found = of_editions(session, resource.id, rows)
    return {
        row.id: StandingLine(
            words=found[row.id].words,
            tone=found[row.id].tone,
            href=f"{address}/{row.number}/conformity",
            is_under_way=found[row.id].is_under_way,
        )
        for row in rows
    }
