"""Two snapshots compared: counts as counting by hand gives them, whatever the rows hold."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuqiao.arrow.scans.comparing import Difference, Outside, compare, outside
from shuqiao.arrow.snapshots.reader import Snapshot, open_snapshot
from shuqiao.arrow.snapshots.writer import write_snapshot
from shuqiao.arrow.terms.filters import Branch, parse_filter

#: Names that an engine could read as something else, and values that equal each other by no SQL.
SCHEMA = pa.schema([("代码.a", pa.string()), ('Name "b"', pa.string()), ("c", pa.float64())])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", None]),
        st.sampled_from(["x", "y", None]),
        st.sampled_from([1.5, None]),
    ),
    max_size=12,
)
Row = tuple[str | None, str | None, float | None]


def stored(root: Path, rows: list[Row]) -> Snapshot:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    arrays = [pa.array(list(c), f.type) for c, f in zip(columns, SCHEMA, strict=True)]
    batch = pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)
    return open_snapshot(root / write_snapshot(root, [batch], SCHEMA).id)


def by_hand(before: list[Row], after: list[Row], width: int) -> Difference:
    old, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    gone: Counter[Row] = Counter()
    come: Counter[Row] = Counter()
    for row, times in old.items():
        gone[row[:width]] += times  # type: ignore[index]
    for row, times in new.items():
        come[row[:width]] += times  # type: ignore[index]
    changed = sum((gone & come).values()) if width else 0
    rows = len(before), len(after)
    return Difference(*rows, sum(new.values()) - changed, sum(old.values()) - changed, changed)


@settings(deadline=None, max_examples=30)
@given(before=ROWS, after=ROWS, width=st.integers(0, 2))
def test_rows_are_counted_as_by_hand(
    tmp_path_factory: pytest.TempPathFactory, before: list[Row], after: list[Row], width: int
) -> None:
    root = tmp_path_factory.mktemp("snapshots")
    key = SCHEMA.names[:width]
    found = compare(stored(root, before), stored(root, after), key)
    assert found == by_hand(before, after, width)


def test_what_is_unknown_lies_outside_and_is_counted_apart(tmp_path: Path) -> None:
    rows: list[Row] = [("150203", "x", 1.0), ("150100", "x", 1.0), (None, "x", None)]
    table = stored(tmp_path, [*rows, ("1502", "y", 9.5)])
    types = {"area": pa.string(), "size": pa.float64()}
    in_area = parse_filter({"op": "starts_with", "item": "area", "value": "1502"}, types)
    small = parse_filter({"op": "le", "item": "size", "value": 5.0}, types)
    columns = {"area": "代码.a", "size": "c"}
    assert outside(table, {"area": in_area, "size": small}, columns) == (
        3,
        {"area": Outside(2, 1), "size": Outside(2, 1)},
    )
    assert outside(table, {"both": Branch("or", (in_area, small))}, columns)[0] == 1
