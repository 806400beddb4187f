"""Pure judgements of the negative list: how far an entry reaches, and what it does to an item."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from catalog.negative.models import NegativeEntry, NegativeTarget
from shuqiao.skeletons import skeleton

#: What stands between the steps of a class (所属分类).
_BETWEEN_STEPS: Final = re.compile(r"[/>、,，;；|\\—-]+")


@dataclass(frozen=True, slots=True)
class Held:
    """An item as the negative list looks at it: whose it is, what it is called and bound to, and
    the resource that holds it, with its class.
    """

    item_id: UUID
    resource_id: UUID
    department_id: UUID
    name: str
    element_id: UUID | None
    title: str
    category: str


@dataclass(frozen=True, slots=True)
class Reach:
    """An entry with what it names; ``bound``: the elements of the items that it names.
    ``is_everywhere``: whether it reaches all departments.
    """

    entry: NegativeEntry
    targets: Sequence[NegativeTarget]
    bound: Collection[UUID] = ()
    is_everywhere: bool = False

    def holds(self, item: Held) -> bool:
        """Whether the item lies within the reach: what is named itself does; else inside the
        department and the business, by the element or by a name of the same skeleton.
        """
        if any(item.item_id == each.item_id for each in self.targets):
            return True
        if any(item.resource_id == each.resource_id for each in self.targets):
            return True
        return self._is_inside(item) and self._names(item)

    def is_elsewhere(self, item: Held) -> bool:
        """Whether the entry names the same datum, and its reach ends before it."""
        return not self.holds(item) and self._names(item)

    def _is_inside(self, item: Held) -> bool:
        entry = self.entry
        if not self.is_everywhere and entry.department_id != item.department_id:
            return False
        return not entry.business or is_of_business(entry.business, item.category)

    def _names(self, item: Held) -> bool:
        elements = {each.element_id for each in self.targets if each.element_id} | {*self.bound}
        if item.element_id is not None and item.element_id in elements:
            return True
        name, title = skeleton(item.name), skeleton(item.title)
        return any(
            each.skeleton == (name if each.resource_id is None else title) for each in self.targets
        )


def basis_of(entry: NegativeEntry) -> str:
    """Name, number and article of the basis, as they are cited: 《…》（…）第…条."""
    number = f"（{entry.basis_number}）" if entry.basis_number else ""
    name = entry.basis_name if entry.basis_name.startswith("《") else f"《{entry.basis_name}》"
    return f"{name}{number}{entry.basis_article}"


def is_of_business(business: str, category: str) -> bool:
    """Whether a class is that of a business: as a whole, or one of its steps."""
    wanted = skeleton(business)
    steps = {skeleton(step) for step in _BETWEEN_STEPS.split(category) if step.strip()}
    return wanted in steps or wanted == skeleton(category)


def struck(reaches: Iterable[Reach], items: Iterable[Held]) -> dict[UUID, list[NegativeEntry]]:
    """The entries within whose reach each item lies; one that lies in none is not in it."""
    held = list(items)
    found: dict[UUID, list[NegativeEntry]] = {}
    for reach in reaches:
        for item in held:
            if reach.holds(item):
                found.setdefault(item.item_id, []).append(reach.entry)
    return found
