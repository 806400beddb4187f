import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
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
import os, sys
from pathlib import Path
from bench.table import write_table
for _line in sys.stdin:  # each a new process that has everything imported already
    writer = os.fork()
    if not writer:
        write_table(Path(sys.argv[1]), 100_000)
        os._exit(0)
    print(writer, flush=True)
    os.waitpid(writer, 0)
    print("ended", flush=True)
"""


def test_a_writer_killed_anywhere_leaves_nothing_visible(tmp_path: Path) -> None:
    dice = random.Random(5)
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", WRITERS, str(tmp_path)], stdin=pipe, stdout=pipe, text=True
    ) as writers:
        assert writers.stdin
        assert writers.stdout
        for _attempt in range(5):
            print("write", file=writers.stdin, flush=True)
            writer = int(writers.stdout.readline())
            time.sleep(dice.uniform(0.02, 0.6))
            os.kill(writer, signal.SIGKILL)  # not reaped before: the number is still its own
            assert writers.stdout.readline() == "ended\n"
            for path in list_snapshots(tmp_path):
                open_snapshot(path).verify()
        writers.stdin.close()
    remove_unfinished(tmp_path)
    assert not list(tmp_path.glob(".*"))

    manifest = write_table(tmp_path, 100_000)
    assert list(list_snapshots(tmp_path)) == [tmp_path / manifest.id]


def test_a_running_writer_is_spared_by_the_sweeper(tmp_path: Path) -> None:
    def sweeping() -> Iterator[pa.RecordBatch]:
        yield block(0, 10, seed=1)
        (tmp_path / ".writing-left-behind").mkdir()
        assert remove_unfinished(tmp_path) == 1

    manifest = write_snapshot(tmp_path, sweeping(), SCHEMA)
    open_snapshot(tmp_path / manifest.id).verify()
