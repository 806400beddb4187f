"""Parts of a page that a higher stage adds to a lower one's: the
decision on a request's page, transfers on a grant's.

The lower stage keeps a ``Panels`` and shows what is in it; the higher one adds to it where it is
imported. So the page stays whole and the lower stage still knows nothing of the higher::

    panels.add("approvals/answers.html", answers)             # the higher stage
    {% for panel in panels %}{% include panel.template %}{% endfor %}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from shuqiao.subject import Subject

T = TypeVar("T")
#: Gives the panel's values, or None when it has nothing to show to this reader.
Values = Callable[[Session, Subject, T], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """One panel of one page; its template finds the values in ``panel.values``."""

    template: str
    values: Mapping[str, Any]


class Panels(Generic[T]):
    """The panels of one kind of page, in the order in which they were added."""

    def __init__(self) -> None:
        self._known: dict[str, Values[T]] = {}

    def add(self, template: str, values: Values[T]) -> None:
        """Add a panel; adding the same template again replaces it."""
        self._known[template] = values

    def shown(self, session: Session, subject: Subject, item: T) -> list[ShownPanel]:
        """The panels that have something to say about ``item``."""
        found = [
            (template, values(session, subject, item)) for template, values in self._known.items()
        ]
        return [ShownPanel(template, values) for template, values in found if values is not None]
