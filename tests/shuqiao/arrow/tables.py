"""Columns and tables for the tests of the data plane: strategies, and
small snapshots on the disk.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from shuqiao.arrow.scans.plan import DeliveryPlan, PlanColumn, Watermark
from shuqiao.arrow.snapshots.reader import Snapshot, open_snapshot
from shuqiao.arrow.snapshots.writer import write_snapshot
from shuqiao.arrow.terms.filters import Filter, parse_filter
from shuqiao.arrow.terms.mask_kinds import Mask

SHANGHAI = timezone(timedelta(hours=8))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def integers(type_: pa.DataType) -> st.SearchStrategy[Any]:
    bits, signed = type_.bit_width, str(type_).startswith("int")
    return st.integers(-(2 ** (bits - 1)) if signed else 0, 2 ** (bits - signed) - 1)


VALUES: Mapping[pa.DataType, st.SearchStrategy[Any]] = {
    **{
        t: integers(t)
        for t in (
            pa.int8(),
            pa.int16(),
            pa.int32(),
            pa.int64(),
            pa.uint8(),
            pa.uint16(),
            pa.uint64(),
        )
    },
    pa.bool_(): st.booleans(),
    pa.float32(): st.floats(width=32),
    pa.float64(): st.floats(),
    pa.date32(): st.dates(date(1, 1, 1), date(9999, 12, 31)),
    pa.timestamp("us"): st.datetimes(),
    pa.timestamp("us", "Asia/Shanghai"): st.datetimes(
        datetime.fromisoformat("1970-01-02"), timezones=st.just(SHANGHAI)
    ),
    pa.decimal128(12, 2): st.decimals(
        Decimal("-9999999999.99"), Decimal("9999999999.99"), places=2
    ),
    pa.string(): TEXTS,
    pa.binary(): st.binary(max_size=12),
    pa.null(): st.none(),
}


@st.composite
def columns(
    draw: st.DrawFn, types: Sequence[pa.DataType] = tuple(VALUES), max_size: int = 40
) -> pa.Array:
    type_ = draw(st.sampled_from(types))
    values = draw(st.lists(st.none() | VALUES[type_], max_size=max_size))
    return pa.array(values, type_)


def snapshot(root: Path, table: pa.Table | Mapping[str, pa.Array]) -> Snapshot:
    """A table written and opened as a snapshot below ``root``."""
    table = table if isinstance(table, pa.Table) else pa.table(dict(table))
    return open_snapshot(root / write_snapshot(root, table.to_batches(), table.schema).id)


def plan(
    source: Snapshot,
    columns: Iterable[str] | None = None,
    masks: Mapping[str, Mask] | None = None,
    where: Any = None,
    **options: Any,
) -> DeliveryPlan:
    """A plan over a snapshot in which every column is its own item."""
    schema = source.manifest.schema
    types = {field.name: field.type for field in schema}
    tree: Filter | None = parse_filter(where, types) if where is not None else None
    chosen = tuple(
        PlanColumn(n, n, n, types[n], (masks or {}).get(n)) for n in columns or schema.names
    )
    options.setdefault("watermark", Watermark("公安厅", "GR-2026-000001"))
    return DeliveryPlan(source, chosen, tree, {n: n for n in types}, "mask-key", **options)


KEYS = {"mask-key": b"a recipient's key, 32 bytes long."}


def drained(run: Callable[..., Any], *arguments: Any) -> pa.Table:
    """Everything a synchronous scan yields, as a table."""
    batches = list(run(*arguments))
    return pa.Table.from_batches(batches, schema=arguments[0].schema)
