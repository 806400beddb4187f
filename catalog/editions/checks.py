"""What an edition is measured against: the shape and the declared coverage of its entry, and how
old its data may be.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

import pyarrow as pa
import pyarrow.types as pat

from catalog.resources.fields.coverage import AreaCoverage, Coverage, PeriodCoverage
from catalog.resources.models import ResourceItem
from catalog.resources.words import UpdateCycle
from shuqiao.arrow.terms.filters import Branch, Condition, Filter
from shuqiao.clock import BEIJING, now

#: Days after which data of a cycle is old; without an entry nothing can be said.
DAYS: Final[Mapping[UpdateCycle, int]] = {
    UpdateCycle.DAILY: 1,
    UpdateCycle.WEEKLY: 7,
    UpdateCycle.TEN_DAYS: 10,
    UpdateCycle.MONTHLY: 31,
    UpdateCycle.QUARTERLY: 92,
    UpdateCycle.HALF_YEARLY: 184,
    UpdateCycle.YEARLY: 366,
}


def is_overdue(since: datetime, cycle: UpdateCycle | None) -> bool:
    """Whether data that is current ``since`` then should have been renewed by its own cycle."""
    days = DAYS.get(cycle) if cycle else None
    return days is not None and since + timedelta(days=days) < now()


def has_shape(found: pa.Schema, wanted: pa.Schema, items: Iterable[ResourceItem]) -> bool:
    """Whether the column of every item is in ``found`` with the type that it has in ``wanted``."""
    return all(
        item.column_name in found.names
        and item.column_name in wanted.names
        and found.field(item.column_name).type == wanted.field(item.column_name).type
        for item in items
    )


def coverage_filter(
    coverage: Mapping[str, Any] | None, items: Sequence[ResourceItem], schema: pa.Schema
) -> Filter | None:
    """The declared coverage as a row filter over ``items`` by id; None where it names no item.

    ``coverage``: as kept (``DataResource.coverage``); ``schema``: of the stored or live data. A row
    that says nothing on what is declared lies outside.
    """
    parts = tuple(coverage_parts(coverage, items, schema).values())
    return parts[0] if len(parts) == 1 else Branch("and", parts) if parts else None


def coverage_parts(
    coverage: Mapping[str, Any] | None, items: Sequence[ResourceItem], schema: pa.Schema
) -> dict[str, Filter]:
    """The same part by part: area, period, sensitive."""
    declared = Coverage.model_validate(coverage or {})
    by_name = {item.name: item for item in items}
    parts: dict[str, Filter] = {}
    for part in ("area", "period", "sensitive"):
        told = getattr(declared, part)
        item = by_name.get(told.item) if told is not None and told.item else None
        if item is None or item.column_name not in schema.names:
            continue
        asked = _Asked(str(item.id), schema.field(item.column_name).type)
        if isinstance(told, AreaCoverage):
            parts[part] = _any(
                [asked.condition("starts_with", prefix(code)) for code in told.codes]
            )
        elif isinstance(told, PeriodCoverage):
            parts |= {part: _all(list(_during(told, asked)))} if _is_bounded(told) else {}
        elif not told.is_included:
            parts[part] = asked.condition("eq", False)
    return parts


def prefix(code: str) -> str:
    """What the codes of an area and of all below it begin with: ``150200`` → ``1502``.

    Two digits a level in GB/T 2260, three in the streets and villages below it.
    """
    while len(code) > 6 and code.endswith("000"):
        code = code[:-3]
    while 2 < len(code) <= 6 and code.endswith("00"):
        code = code[:-2]
    return code


class _Asked:
    """An item and the type in which it is stored."""

    def __init__(self, item: str, type_: pa.DataType) -> None:
        self.item, self.type = item, type_

    def condition(self, op: str, value: Any) -> Condition:
        return Condition(op, self.item, self.type, (value,))


def _during(period: PeriodCoverage, asked: _Asked) -> Iterator[Condition]:
    """A moment belongs to a day of Beijing; the last day lasts until the next one begins."""
    if pat.is_date(asked.type):
        if period.from_on:
            yield asked.condition("ge", period.from_on)
        if period.to_on:
            yield asked.condition("le", period.to_on)
        return
    zone = BEIJING if asked.type.tz else None
    if period.from_on:
        yield asked.condition("ge", datetime.combine(period.from_on, time.min, zone))
    if period.to_on:
        after = period.to_on + timedelta(days=1)
        yield asked.condition("lt", datetime.combine(after, time.min, zone))


def _is_bounded(period: PeriodCoverage) -> bool:
    return period.from_on is not None or period.to_on is not None


def _any(conditions: Sequence[Condition]) -> Filter:
    return conditions[0] if len(conditions) == 1 else Branch("or", tuple(conditions))


def _all(conditions: Sequence[Condition]) -> Filter:
    return conditions[0] if len(conditions) == 1 else Branch("and", tuple(conditions))
