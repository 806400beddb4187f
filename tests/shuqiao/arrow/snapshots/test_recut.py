from itertools import repeat

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from shuqiao.arrow.snapshots.recut import Recutter


@given(st.lists(st.integers(0, 9), max_size=9), st.integers(1, 7))
def test_cuts_at_the_same_rows_whatever_arrives(arriving: list[int], size: int) -> None:
    whole = pa.record_batch({"a": pa.array(range(sum(arriving)), pa.int64())})
    recutter, out, start = Recutter(repeat(size)), [], 0
    for rows in arriving:
        out += recutter.push(whole.slice(start, rows))
        start += rows
    out += recutter.rest()

    assert [b.num_rows for b in out[:-1]] == [size] * (len(out) - 1)
    assert pa.Table.from_batches(out, whole.schema) == pa.Table.from_batches([whole])


def test_a_fitting_batch_is_not_copied() -> None:
    batch = pa.record_batch({"a": pa.array(range(4), pa.int64())})

    (out,) = Recutter(repeat(4)).push(batch)
    assert out.column(0).buffers()[1].address == batch.column(0).buffers()[1].address
