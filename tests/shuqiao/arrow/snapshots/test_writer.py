import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.table import SCHEMA, block, blocks, write_table
from shuqiao.arrow.snapshots.columntypes import UnsupportedColumn
from shuqiao.arrow.snapshots.reader import list_snapshots, open_snapshot
from shuqiao.arrow.snapshots.writer import batch_rows_for, remove_unfinished, write_snapshot

ROWS = 70_000


@pytest.fixture(scope="module")
def table() -> pa.Table:
    return pa.Table.from_batches(list(blocks(ROWS)))


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(1, ROWS), max_size=6))
def test_the_batches_of_the_input_leave_no_trace(
    table: pa.Table, tmp_path: Path, cuts: list[int]
) -> None:
    edges = [0, *sorted(cuts), ROWS]
    pieces = [table.slice(low, high - low) for low, high in pairwise(edges)]
    batches = [batch for piece in pieces for batch in piece.combine_chunks().to_batches()]

    usual = write_snapshot(tmp_path, table.to_batches(), table.schema)
    assert write_snapshot(tmp_path, batches, table.schema).id == usual.id


def test_sizes_are_those_of_the_protocol(tmp_path: Path) -> None:
    manifest = write_table(tmp_path, 300_000)
    folder = tmp_path / manifest.id

    assert [part.groups for part in manifest.parts] == [(65_536,) * 4, (37_856,)]
    assert manifest.batch_rows == 16_384
    assert manifest.batch_sizes == (16_384,) * 18 + (5_088,)
    with pq.ParquetFile(folder / "part-00000.parquet") as part:
        assert [part.metadata.row_group(n).num_rows for n in range(4)] == [65_536] * 4
        assert part.metadata.row_group(0).column(1).compression == "ZSTD"
    with pa.ipc.open_file(folder / "data.arrow") as arrow:
        sizes = [arrow.get_batch(n).num_rows for n in range(arrow.num_record_batches)]
        assert tuple(sizes) == manifest.batch_sizes
    open_snapshot(folder).verify()


@pytest.mark.parametrize(
    ("width", "rows"),
    [(1, 65_536), (32, 65_536), (147, 16_384), (6_000, 256), (40_000, 64), (10**6, 64)],
)
def test_batches_are_about_two_megabytes(width: int, rows: int) -> None:
    assert batch_rows_for(width) == rows


def test_wide_rows_make_small_row_groups(tmp_path: Path) -> None:
    wide = pa.table({"text": pa.array(["数" * 4_000] * 6_000)})
    manifest = write_snapshot(tmp_path, wide.to_batches(), wide.schema)

    assert manifest.batch_rows == 256 // 2
    assert [group for part in manifest.parts for group in part.groups] == [3_072, 2_928]
    open_snapshot(tmp_path / manifest.id).verify()


def test_a_table_without_rows_is_a_snapshot(tmp_path: Path) -> None:
    manifest = write_snapshot(tmp_path, [], SCHEMA)

    opened = open_snapshot(tmp_path / manifest.id)
    opened.verify()
    assert (opened.manifest.rows, opened.group_count(), opened.manifest.schema) == (0, 0, SCHEMA)


def test_nothing_behind_a_null_is_stored(tmp_path: Path) -> None:
    offsets = pa.py_buffer(np.array([0, 4, 17], np.int32))
    hidden = pa.Array.from_buffers(
        pa.string(), 2, [pa.py_buffer(b"\x01"), offsets, pa.py_buffer(b"seentopsecretdata")]
    )
    numbers = pa.Array.from_buffers(
        pa.int64(), 2, [pa.py_buffer(b"\x01"), pa.py_buffer(b"visible1topsecre")]
    )
    manifest = write_snapshot(
        tmp_path,
        [pa.record_batch({"a": hidden, "n": numbers})],
        pa.schema([("a", "string"), ("n", "int64")]),
    )

    for path in (tmp_path / manifest.id).iterdir():
        assert b"topsecre" not in path.read_bytes(), path.name
    assert b"visible1" in (tmp_path / manifest.id / "data.arrow").read_bytes()


def test_the_same_rows_are_stored_once_and_a_damaged_copy_is_replaced(tmp_path: Path) -> None:
    first = write_table(tmp_path, 1_000)
    arrow = tmp_path / first.id / "data.arrow"
    inode = arrow.stat().st_ino
    assert write_table(tmp_path, 1_000) == first
    assert arrow.stat().st_ino == inode

    arrow.chmod(0o600)
    arrow.write_bytes(arrow.read_bytes().replace("洛阳".encode(), "汴梁".encode()))
    assert write_table(tmp_path, 1_000) == first
    open_snapshot(tmp_path / first.id).verify()
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == [first.id]


def test_files_are_read_only_and_private(tmp_path: Path) -> None:
    folder = tmp_path / write_table(tmp_path / "new", 10).id
    folder = tmp_path / "new" / folder.name

    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o400}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_failing_source_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> Iterator[pa.RecordBatch]:
        yield block(0, 70_000, seed=1)
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="the source broke"):
        write_snapshot(tmp_path, failing(), SCHEMA)
    assert list(tmp_path.iterdir()) == []


def test_columns_that_change_on_the_way_are_refused(tmp_path: Path) -> None:
    batches = [pa.record_batch({"a": pa.array([1])}), pa.record_batch({"a": pa.array(["1"])})]
    with pytest.raises(UnsupportedColumn):
        write_snapshot(tmp_path, batches, batches[0].schema)
    assert list(tmp_path.iterdir()) == []


WRITERS = """
import os, signal, sys
from pathlib import Path
import pyarrow as pa
from shuqiao.arrow.snapshots import writer

pa.array([1])  # imports what Arrow imports late, once instead of in each child
schema = pa.schema([("number", pa.int64()), ("text", pa.string())])

def source():
    for number in range(3):
        sys.audit("rows.handed", root)
        columns = [pa.repeat(number, 1_024), pa.repeat("数桥", 1_024)]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)

def die_at(step):
    def count(event, arguments):
        nonlocal step
        if arguments and str(arguments[0]).startswith(root):
            step -= 1
            if not step:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)

writer.GROUP_ROWS, writer.PART_ROWS = 1_024, 2_048  # few rows, yet several groups and two parts
for line in sys.stdin:  # each a new process that has everything imported already
    root, step = line.split()
    child = os.fork()
    if not child:
        die_at(int(step))
        writer.write_snapshot(Path(root), source(), schema)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_a_writer_killed_anywhere_leaves_nothing_visible(tmp_path: Path) -> None:
    """Killed at each thing it asks of the system and before each batch, until one comes through."""
    pipe = subprocess.PIPE
    left, visible = [], []
    with subprocess.Popen(
        [sys.executable, "-c", WRITERS], stdin=pipe, stdout=pipe, text=True
    ) as writers:
        assert writers.stdin
        assert writers.stdout
        for step in count(1):
            root = tmp_path / str(step)
            print(root, step, file=writers.stdin, flush=True)
            status = int(writers.stdout.readline())
            left.append({path.name for path in root.glob(".*/*")})
            shown = list(list_snapshots(root))
            for path in shown:
                open_snapshot(path).verify()
            visible.append(len(shown))
            remove_unfinished(root)
            assert list(root.glob("*")) == shown
            if status != -signal.SIGKILL:
                break
        writers.stdin.close()
    assert (status, left[-1]) == (0, set())
    parts = {"part-00000.parquet", "part-00001.parquet"}
    assert {"data.arrow", *parts, "seals.xxh3", "manifest.json"} in left
    assert {"data.arrow", "part-00000.parquet"} in left
    # once it is there it stays: nothing, nothing …, whole
    assert visible == sorted(visible)
    assert (visible[0], visible[-1]) == (0, 1)


def test_a_running_writer_is_spared_by_the_sweeper(tmp_path: Path) -> None:
    def sweeping() -> Iterator[pa.RecordBatch]:
        yield block(0, 10, seed=1)
        (tmp_path / ".writing-left-behind").mkdir()
        assert remove_unfinished(tmp_path) == 1

    manifest = write_snapshot(tmp_path, sweeping(), SCHEMA)
    open_snapshot(tmp_path / manifest.id).verify()
