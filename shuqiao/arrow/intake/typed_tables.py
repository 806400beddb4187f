"""Tables that bring their own types – Parquet, Arrow: described, and written out as Arrow.

Runs in the child.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from shuqiao.arrow.intake.bounded_writer import BoundedWriter, Budget
from shuqiao.arrow.intake.column_names import Column
from shuqiao.arrow.intake.conversions import Misfits, convert, refuse_misfits
from shuqiao.arrow.intake.options import ColumnPreview, DecodeLimits, FileKind, Preview, ReadOptions
from shuqiao.arrow.intake.personal import PersonalSigns
from shuqiao.arrow.intake.proposals import arrow_type, kind_of
from shuqiao.arrow.intake.text_tables import (
    ROWS_SHOWN,
    decoded,
    refuse_unknown,
    shown_rows,
    without,
)
from shuqiao.arrow.refusals import DecodeRefused
from shuqiao.i18n import Message, _


class TypedTable(Protocol):
    """Iterates over validated batches of ``schema``.

    ``claimed_rows`` is the file's own word, believed only if high.
    """

    kind: FileKind
    columns: tuple[Column, ...]
    schema: pa.Schema
    warnings: tuple[Message, ...]

    @property
    def claimed_rows(self) -> int: ...

    def __iter__(self) -> Iterator[pa.RecordBatch]: ...


def describe(table: TypedTable, stated: ReadOptions, limits: DecodeLimits) -> Preview:
    """The preview; all batches are read once."""
    budget = Budget(limits)
    budget.expect_rows(table.claimed_rows)
    refuse_unknown(stated, table.columns)
    nulls = [0] * len(table.schema)
    samples: list[list[str]] = [[] for _field in table.schema]
    personal = [PersonalSigns(column.name) for column in table.columns]
    shown: list[tuple[str | None, ...]] = []
    for batch in table:
        budget.spend(batch)
        shown.extend(shown_rows(batch, ROWS_SHOWN - len(shown)))
        nulls = [n + column.null_count for n, column in zip(nulls, batch.columns, strict=True)]
        for signs, column in zip(personal, batch.columns, strict=True):
            if pa.types.is_string(column.type) or pa.types.is_integer(column.type):
                signs.add(column.drop_null()[:1_000].cast(pa.string()))
        for taken, column in zip(samples, batch.columns, strict=True):
            if len(taken) < 5:
                values = [
                    str(value) for value in column[:1_000].unique().drop_null()[:5].to_pylist()
                ]
                cut = [value[:100].replace("\0", "␀") for value in values]
                taken.extend([value for value in cut if value not in taken][: 5 - len(taken)])
    dropped = stated.drop_columns or ()
    columns = tuple(
        ColumnPreview(
            column.name,
            column.original_name,
            kind_of(field.type),
            null_count,
            tuple(taken),
            is_personal=signs.are_there,
        )
        for column, field, null_count, taken, signs in zip(
            table.columns, table.schema, nulls, samples, personal, strict=True
        )
        if column.name not in dropped
    )
    rows = tuple(without(table.columns, dropped, row) for row in shown)
    settled = replace(stated, drop_columns=dropped)
    return Preview(table.kind, settled, 1.0, columns, rows, budget.rows, table.warnings)


def decode(
    table: TypedTable, stated: ReadOptions, limits: DecodeLimits, target: Path
) -> dict[str, Any]:
    """Write the table to ``target``; what :func:`decoded` gives back."""
    budget = Budget(limits)
    budget.expect_rows(table.claimed_rows)
    refuse_unknown(stated, table.columns)
    dropped = stated.drop_columns or ()
    kept = [field for field in table.schema if field.name not in dropped]
    # A column that has the kind asked for already keeps its own type: int16 stays int16.
    own = {field.name: kind_of(field.type) for field in kept}
    recast = {name: kind for name, kind in stated.types.items() if own.get(name, kind) != kind}
    schema = pa.schema(
        [pa.field(f.name, arrow_type(recast[f.name]) if f.name in recast else f.type) for f in kept]
    )
    if not kept:
        raise DecodeRefused("empty", _("All columns are left out."))
    misfits = {name: Misfits() for name in recast}
    first = 1
    with BoundedWriter(target, schema, budget) as writer:
        for batch in table:
            columns = [
                _recast(batch[f.name], recast.get(f.name), misfits.get(f.name), first) for f in kept
            ]
            first += batch.num_rows
            if not any(found.count for found in misfits.values()):
                writer.write(pa.record_batch(columns, schema=schema))
    refuse_misfits(recast, misfits)
    return decoded(
        table.kind, replace(stated, drop_columns=dropped), writer, budget, list(table.warnings)
    )


def _recast(column: pa.Array, kind: str | None, misfits: Misfits | None, first: int) -> pa.Array:
    if kind is None or misfits is None:
        return column
    return convert(column.cast(pa.string()), kind, misfits, lambda position: first + position)
