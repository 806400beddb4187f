"""The filters of the search as the page shows them: values with counts,
and the chosen ones as chips.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from catalog.search import service
from catalog.search.schemas import Asked, CatalogPage, Facet
from catalog.search.words import FACETS, PROVIDER, FacetField
from shuqiao.i18n import Message, _

#: Values of a filter shown at once; the rest folds away.
SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter on the page."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter on the page: the values always shown, and those that fold away."""

    name: str
    title: Message
    first: Sequence[Choice]
    rest: Sequence[Choice]

    @property
    def is_unfolded(self) -> bool:
        return any(choice.is_chosen for choice in self.rest)


def filters(session: Session, found: CatalogPage, asked: Asked) -> list[Filter]:
    """Every filter with its values in their order; chosen ones are shown even without hits."""
    shown = []
    for facet in FACETS:
        chosen = asked.chosen.get(facet.name, ())
        counted = list(found.facets[facet.name])
        missing = [value for value in chosen if value not in {each.value for each in counted}]
        without_hits = _labels(session, facet, missing).items()
        counted += [Facet(value=value, label=label, count=0) for value, label in without_hits]
        order = [word.value for word in facet.words or ()]
        if order:
            counted.sort(key=lambda each: order.index(each.value))
        choices = [
            Choice(each.value, each.label, each.count, each.value in chosen) for each in counted
        ]
        if choices:
            shown.append(Filter(facet.name, facet.title, choices[:SHOWN], choices[SHOWN:]))
    return shown


def chips(session: Session, asked: Asked) -> list[tuple[Message, str]]:
    """The chosen values in words, each with the address of the search without it."""
    found = []
    for facet in FACETS:
        labels = _labels(session, facet, asked.chosen.get(facet.name, ()))
        for value in asked.chosen.get(facet.name, ()):
            words = _("%(filter)s: %(value)s", filter=facet.title, value=labels.get(value, value))
            found.append((words, asked.without(facet.name, value).href))
    return found


def _labels(session: Session, facet: FacetField, values: Sequence[str]) -> dict[str, str]:
    """What the values are called; an unknown provider is left out."""
    if not values:
        return {}
    if facet.name == PROVIDER:
        return service.provider_labels(session, values)
    return {value: str(facet.words(value).label) for value in values} if facet.words else {}
