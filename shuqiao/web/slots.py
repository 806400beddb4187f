"""What a lower stage shows of a higher one: typed slots, all filled in ``server/wiring.py``.

The lower stage declares the slot and asks it; the higher stage knows what belongs there; only the
server, which knows both, brings them together::

    REQUEST_PAGE: PageSlot[ShareRequest] = PageSlot()            # exchange.requests.views
    REQUEST_PAGE.fill("approvals/answers.html", answers)         # server.wiring
    {% for panel in panels %}{% include panel.template %}{% endfor %}
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlmodel import Session

from shuqiao.subject import Subject

T = TypeVar("T")
V = TypeVar("V")
#: Gives the panel's values, or None when it has nothing to show to this reader.
Values = Callable[[Session, Subject, T], Mapping[str, Any] | None]


class Slot(Generic[V]):
    """One value that a higher stage provides, often an answer to a
    question; ``unfilled`` till then.
    """

    def __init__(self, unfilled: V) -> None:
        self._held = unfilled

    def fill(self, value: V) -> None:
        """Filling again replaces what was there."""
        self._held = value

    @property
    def held(self) -> V:
        return self._held


@dataclass(frozen=True, slots=True)
class ShownPanel:
    """One panel of one page; its template finds the values in ``panel.values``."""

    template: str
    values: Mapping[str, Any]


class PageSlot(Generic[T]):
    """The panels that higher stages add to one kind of page, in the order in which they came."""

    def __init__(self) -> None:
        self._known: dict[str, Values[T]] = {}

    def fill(self, template: str, values: Values[T]) -> None:
        """Add a panel; the same template again replaces it."""
        self._known[template] = values

    def shown(self, session: Session, subject: Subject, item: T) -> list[ShownPanel]:
        """The panels that have something to say about ``item``."""
        found = [
            (template, values(session, subject, item)) for template, values in self._known.items()
        ]
        return [ShownPanel(template, values) for template, values in found if values is not None]
