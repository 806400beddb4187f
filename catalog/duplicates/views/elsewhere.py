"""Entries of other departments that seem to hold the same already: for whoever registers and
whoever reviews.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from auth.departments import repository as departments
from catalog.duplicates.repository.elsewhere import sharing
from catalog.duplicates.schemas import SimilarEntries, SimilarEntry
from catalog.duplicates.service.prepared import prepared
from catalog.duplicates.service.proposing import proposals
from catalog.resources import repository as resources
from catalog.resources.models import DataResource
from shuqiao.subject import Subject

#: So much of an entry, and at least so many of its items, another one has to hold.
SHARE: Final = 0.5
LEAST: Final = 2
MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An entry with the elements that both have, ``count`` of ``total`` items."""

    resource: DataResource
    provider: str
    names: Sequence[str]
    count: int
    total: int


def elsewhere(session: Session, subject: Subject, resource: DataResource) -> list[Elsewhere]:
    """Items count that follow the same element, or are likely to be it on both sides."""
    items = resources.items_of(session, resource.id)
    likely = [each.likely for each in proposals(session, resource)]
    elements = {item.element_id for item in items if item.element_id is not None}
    elements |= {each.element.id for each in likely if each is not None}
    least = max(LEAST, round(len(items) * SHARE))
    if len(elements) < least:
        return []
    found = sharing(session, subject, resource, elements, least=least, most=MOST)
    names = {each.id: each.name for each in prepared(session).elements}
    providers = departments.names(session, {row.provider_id for row, _ids in found})
    return [
        Elsewhere(
            row,
            providers[row.provider_id],
            sorted(names[each] for each in ids if each in names),
            len(ids),
            len(items),
        )
        for row, ids in found
    ]


def read_model(session: Session, subject: Subject, resource: DataResource) -> SimilarEntries:
    """The same for programs."""
    return SimilarEntries(
        resource_code=resource.code,
        items=[
            SimilarEntry(
                resource_code=each.resource.code,
                resource_title=each.resource.title,
                provider=each.provider,
                element_names=list(each.names),
                shared=each.count,
                total=each.total,
            )
            for each in elsewhere(session, subject, resource)
        ],
    )
