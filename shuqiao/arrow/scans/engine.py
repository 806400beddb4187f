"""The one place where rows meet the engine: filter, projection and
masks by its expression API, no text is parsed.
"""

import pyarrow as pa
from datafusion import DataFrame, Expr, SessionConfig, SessionContext

from shuqiao.arrow.scans.plan import DeliveryPlan
from shuqiao.arrow.terms.filter_expression import filter_expression
from shuqiao.arrow.terms.mask_engine import Engine
from shuqiao.errors import ShuqiaoError
from shuqiao.i18n import _


class ScanFailed(ShuqiaoError):
    """The engine could not run the plan.

    Its own words may hold values or keys, so they go nowhere.
    """

    code = "scan_failed"
    title = _("The data could not be prepared")


def query(
    plan: DeliveryPlan,
    key: bytes | None,
    stored: list[pa.RecordBatch],
    *,
    batch_rows: int,
    is_filtered: bool = False,
) -> list[pa.RecordBatch]:
    """The rows of ``stored`` as they leave, under the declared schema.

    ``is_filtered``: the filter was applied before.

    Raises ``ScanFailed``.
    """
    try:
        batches = _frame(plan, key, stored, batch_rows, is_filtered).collect()
        return [_declared(batch, plan) for batch in batches if batch.num_rows]
    except ShuqiaoError:
        raise
    except Exception as error:
        raise ScanFailed(engine_error=type(error).__name__) from None


def _frame(
    plan: DeliveryPlan,
    key: bytes | None,
    stored: list[pa.RecordBatch],
    batch_rows: int,
    is_filtered: bool,
) -> DataFrame:
    """The engine sees columns by place (s0, s1 …): no name of a source
    can be misread as something else.
    """
    config = SessionConfig().with_target_partitions(1).with_batch_size(batch_rows)
    inner = {name: f"s{place}" for place, name in enumerate(stored[0].schema.names)}
    schema = pa.schema([pa.field(inner[field.name], field.type) for field in stored[0].schema])
    renamed = [pa.RecordBatch.from_arrays(batch.columns, schema=schema) for batch in stored]
    frame = SessionContext(config).read_batches(renamed)
    if plan.row_filter is not None and not is_filtered:
        asked = {
            item: inner[source] for item, source in plan.filter_sources.items() if source in inner
        }
        frame = frame.filter(filter_expression(plan.row_filter, asked))
    chosen = []
    for place, column in enumerate(plan.columns):
        value = Expr.column(inner[column.source])
        if column.mask is not None:
            value = column.mask.expression(value, column.type, Engine(key))
        chosen.append(value.alias(f"c{place}"))
    return frame.select(*chosen)


def _declared(batch: pa.RecordBatch, plan: DeliveryPlan) -> pa.RecordBatch:
    """The engine's batch under our names; a type it chose differently
    is an error, not a surprise on the wire.
    """
    if [column.type for column in batch.columns] != plan.schema.types:
        raise ScanFailed(engine_error="other types than declared")
    return pa.RecordBatch.from_arrays(batch.columns, schema=plan.schema)
