"""The tree of departments: each with what is said of it, below the one above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session

from auth.areas import repository as areas
from auth.departments import repository as register
from auth.departments.models import Department
from auth.departments.schemas import WantedDepartments
from auth.departments.words import Level, Line, Regime


@dataclass(slots=True)
class Node:
    """A department in the tree. ``is_found``: it is what was looked for, not only on the way."""

    code: str
    name: str
    former_names: Sequence[str]
    level: Level | None
    area_name: str
    line: Line | None
    regime: Regime | None
    ended_on: date | None
    is_stated: bool
    is_found: bool
    below: list["Node"] = field(default_factory=list)

    @property
    def found_below(self) -> int:
        """How many departments that were looked for lie below."""
        return sum(child.is_found + child.found_below for child in self.below)


@dataclass(frozen=True, slots=True)
class Tree:
    """The departments that were looked for, with those above them."""

    roots: Sequence[Node]
    found: int
    unstated: int


def tree(session: Session, wanted: WantedDepartments) -> Tree:
    """All departments that are like that, each below its own; a thousand of them are one page."""
    rows = register.listed(session)
    found = {row.id for row in register.found(session, wanted)}
    names = _area_names(session, rows)
    formerly = register.former_names(session)
    by_id = {row.id: row for row in rows}
    kept = {up for row in rows if row.id in found for up in _upwards(by_id, row)}
    nodes = {
        row.id: Node(
            code=row.code,
            name=row.name,
            former_names=formerly.get(row.id, ()),
            level=row.level,
            area_name=names.get(row.area_code or "", ""),
            line=row.line,
            regime=row.regime,
            ended_on=row.ended_on,
            is_stated=row.is_stated,
            is_found=row.id in found,
        )
        for row in sorted(rows, key=_order)
        if row.id in kept
    }
    roots: list[Node] = []
    for identity, node in nodes.items():
        parent = by_id[identity].parent_id
        (nodes[parent].below if parent is not None else roots).append(node)
    unstated = sum(not row.is_stated and row.ended_on is None for row in rows)
    return Tree(roots, len(found), unstated)


def _order(row: Department) -> tuple[bool, int, str, str]:
    """Those that go on first, the highest first, then by area and code."""
    depth = row.level.depth if row.level is not None else len(Level)
    return row.ended_on is not None, depth, row.area_code or "", row.code


def _upwards(by_id: Mapping[UUID, Department], row: Department) -> list[UUID]:
    way = [row.id]
    while (parent := by_id[way[-1]].parent_id) is not None:
        way.append(parent)
    return way


def _area_names(session: Session, rows: Sequence[Department]) -> Mapping[str, str]:
    codes = {row.area_code for row in rows if row.area_code}
    return {code: area.name for code, area in areas.of_codes(session, codes).items()}
