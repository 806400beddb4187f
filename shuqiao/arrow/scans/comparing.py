"""Two snapshots compared, and one measured against conditions: tables in, numbers out.

No row leaves: what comes back are counts. The engine reads the Parquet parts in pieces and spills
what does not fit into its share of memory, so that the size of a table is no limit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from datafusion import (
    DataFrame,
    Expr,
    RuntimeEnvBuilder,
    SessionConfig,
    SessionContext,
    lit,
)
from datafusion import functions as f

from shuqiao.arrow.scans.engine import ScanFailed
from shuqiao.arrow.snapshots.reader import Snapshot
from shuqiao.arrow.terms.filter_expression import filter_expression
from shuqiao.arrow.terms.filters import Filter, filter_items
from shuqiao.settings import settings

_PARTITIONS: Final = 2
_BEFORE, _AFTER = "before", "after"


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of two snapshots. ``changed``: the same key, other values; 0 where there is no key."""

    before: int
    after: int
    added: int
    removed: int
    changed: int


@dataclass(frozen=True, slots=True)
class Outside:
    """Rows that a condition is not true of; ``empty``: those of them that say nothing on it."""

    outside: int
    empty: int


def compare(before: Snapshot, after: Snapshot, key: Sequence[str]) -> Difference:
    """How ``after`` differs from ``before``, which has the same columns.

    ``key``: the columns that tell one row from another; without any a row is known by all it says.
    Equal rows are counted, NULL equals NULL. Raises ``ScanFailed``.
    """
    names = before.schema.names
    context = _context()
    both = _read(context, before, names, lit(1), lit(0)).union(
        _read(context, after, names, lit(0), lit(1))
    )
    differing = (
        both.aggregate([Expr.column(f"s{place}") for place in range(len(names))], _sums())
        .filter(Expr.column(_BEFORE) != Expr.column(_AFTER))
        .select(
            *(Expr.column(f"s{names.index(name)}") for name in key),
            _surplus(_BEFORE, _AFTER).alias(_BEFORE),
            _surplus(_AFTER, _BEFORE).alias(_AFTER),
        )
    )
    same_key = f.least(Expr.column(_BEFORE), Expr.column(_AFTER)) if key else lit(0)
    groups = [Expr.column(f"s{names.index(name)}") for name in key]
    by_key = differing.aggregate(groups, _sums()) if key else differing
    removed, added, changed = _numbers(
        by_key.aggregate(
            [],
            [
                f.sum(Expr.column(_BEFORE)).alias("removed"),
                f.sum(Expr.column(_AFTER)).alias("added"),
                f.sum(same_key).alias("changed"),
            ],
        )
    )
    rows = before.manifest.rows, after.manifest.rows
    return Difference(*rows, added - changed, removed - changed, changed)


def outside(
    snapshot: Snapshot, conditions: Mapping[str, Filter], columns: Mapping[str, str]
) -> tuple[int, Mapping[str, Outside]]:
    """How many rows not all ``conditions`` are true of, and how many of each by its name.

    ``columns``: the stored column by item id. Raises ``ScanFailed``.
    """
    names = snapshot.schema.names
    inner = {item: f"s{names.index(column)}" for item, column in columns.items()}
    holds = {name: _known(filter_expression(tree, inner)) for name, tree in conditions.items()}
    every = lit(True)
    for each in holds.values():
        every = every & each
    counted = [_count(~every).alias("any")]
    for name, tree in conditions.items():
        is_empty = lit(False)
        for item, _type in filter_items(tree):
            is_empty = is_empty | Expr.column(inner[item]).is_null()
        counted += [
            _count(~holds[name]).alias(f"{name}_outside"),
            _count(~holds[name] & is_empty).alias(f"{name}_empty"),
        ]
    found = _numbers(_read(_context(), snapshot, names).aggregate([], counted))
    pairs = zip(found[1::2], found[2::2], strict=True)
    return found[0], {name: Outside(*pair) for name, pair in zip(conditions, pairs, strict=True)}


def _context() -> SessionContext:
    share = settings().comparison_memory_bytes
    runtime = RuntimeEnvBuilder().with_disk_manager_os().with_fair_spill_pool(share)
    return SessionContext(SessionConfig().with_target_partitions(_PARTITIONS), runtime)


def _read(
    context: SessionContext, snapshot: Snapshot, names: Sequence[str], *marks: Expr
) -> DataFrame:
    """The columns by place, as everywhere in the engine; ``marks``: on which side a row stands."""
    columns = [Expr.column(_quoted(name)).alias(f"s{at}") for at, name in enumerate(names)]
    sides = [mark.alias(name) for mark, name in zip(marks, (_BEFORE, _AFTER), strict=False)]
    if snapshot.manifest.parts:
        rows = context.read_parquet(snapshot.path)
    else:
        rows = context.from_arrow(snapshot.schema.empty_table())
    return rows.select(*columns, *sides)


def _quoted(name: str) -> str:
    """A name that the engine takes as it stands, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def _sums() -> list[Expr]:
    return [f.sum(Expr.column(side)).alias(side) for side in (_BEFORE, _AFTER)]


def _surplus(side: str, other: str) -> Expr:
    return f.greatest(Expr.column(side) - Expr.column(other), lit(0))


def _known(condition: Expr) -> Expr:
    """Unknown is not true: what a filter would not let through counts as outside."""
    return f.coalesce(condition, lit(False))


def _count(condition: Expr) -> Expr:
    return f.sum(f.when(condition, lit(1)).otherwise(lit(0)))


def _numbers(frame: DataFrame) -> list[int]:
    try:
        row = frame.collect()[0].to_pylist()[0]
    except Exception as error:  # its words may hold values
        raise ScanFailed(engine_error=type(error).__name__) from None
    return [int(value or 0) for value in row.values()]
