"""Writing a snapshot: streaming, content-addressed, all or nothing.

The rows are cut anew (so the input's batches leave no trace), written to a hidden folder, flushed
to the disk, and the folder is renamed to its content's name. A process killed anywhere before the
rename leaves nothing a reader sees.
"""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuqiao.arrow.snapshots.canonical import body_size, digest_column, without_hidden_bytes
from shuqiao.arrow.snapshots.columntypes import stored_schema, to_stored, type_name
from shuqiao.arrow.snapshots.erasing import stored_bytes
from shuqiao.arrow.snapshots.manifest import (
    SIZE_BYTES,
    Manifest,
    ManifestColumn,
    Part,
    SnapshotDamaged,
    StoredFile,
)
from shuqiao.arrow.snapshots.reader import MANIFEST_FILE, UNFINISHED, open_snapshot, sha256_of
from shuqiao.arrow.snapshots.recut import Recutter
from shuqiao.arrow.snapshots.seals import Message, seal_all, sealing, seals_file, seals_head
from shuqiao.disk import expect_room
from shuqiao.ids import uuid7

PART_ROWS: Final = 262_144
GROUP_ROWS: Final = 65_536
#: A row group ends early, after a block, once it is this large: wide
#: rows must not blow up a scan's memory.
GROUP_BYTES: Final = 32 * 1024 * 1024
BLOCK_ROWS: Final = 1_024
BATCH_BYTES: Final = 2 * 1024 * 1024
_SMALLEST_BATCH: Final = 64


#: Asked with name and bytes of a snapshot before it is there; raises what refuses it.
Expect = Callable[[str, int], None]


def write_snapshot(
    root: Path,
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    expect: Expect = lambda _snapshot_id, _size: None,
) -> Manifest:
    """Write ``batches`` as ``<root>/<snapshot id>`` and return its manifest.

    Memory: one row group (65,536 rows or 32 MiB). Equal rows give the same folder with the same
    library version; when it is there already and sound, nothing is written twice, and a damaged one
    is replaced. Raises ``UnsupportedColumn``; whatever ``batches`` or ``expect`` raise passes
    through. In all cases nothing is left behind, nor when the disk is full (``StorageFull``,
    ``OSError``).
    """
    stored = stored_schema(schema)
    with _hidden_folder(root) as folder:
        writer = _Writer(folder, stored)
        for group in _groups(_blocks(batches, stored)):
            writer.add(group)
        manifest = writer.finish()
        expect(manifest.id, stored_bytes(folder))
        _move_in(folder, root, manifest)
    return manifest


def remove_unfinished(root: Path) -> int:
    """Remove what killed writers left below ``root``; returns how many.

    Running writers hold a lock and are spared.
    """
    removed = 0
    for folder in root.glob(f"{UNFINISHED}*"):
        with _folder_lock(folder) as held:
            if held:
                shutil.rmtree(folder, ignore_errors=True)
                removed += 1
    return removed


def batch_rows_for(width: float) -> int:
    """Rows a batch: the power of two nearest to 2 MiB / ``width`` (bytes a row), between 64 and
    65,536.

    A power of two divides a row group, so batches of the stored file and of a scan begin at the
    same rows.
    """
    rows = _SMALLEST_BATCH
    while rows < GROUP_ROWS and rows * width * 2**0.5 < BATCH_BYTES:
        rows *= 2
    return rows


def _blocks(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    recutter = Recutter(repeat(BLOCK_ROWS))
    for batch in batches:
        yield from recutter.push(to_stored(batch, schema))
    yield from recutter.rest()


def _groups(blocks: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Row groups; sizes depend on the rows alone, never on how they arrived."""
    waiting: list[pa.RecordBatch] = []
    rows = size = part_rows = 0
    for block in blocks:
        waiting.append(block)
        rows += block.num_rows
        size += sum(body_size(column) for column in block.columns)
        if rows >= min(GROUP_ROWS, PART_ROWS - part_rows) or size >= GROUP_BYTES:
            part_rows = (part_rows + rows) % PART_ROWS
            yield _cleaned(waiting)
            waiting, rows, size = [], 0, 0
    if waiting:
        yield _cleaned(waiting)


def _cleaned(blocks: list[pa.RecordBatch]) -> pa.RecordBatch:
    group = pa.concat_batches(blocks)
    return pa.RecordBatch.from_arrays(
        [without_hidden_bytes(column) for column in group.columns], schema=group.schema
    )


class _Writer:
    """Writes row groups to the current part, to the Arrow file and into the digests."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self._folder, self._schema = folder, schema
        self._arrow_path = folder / "data.arrow"
        self._arrow = pa.ipc.new_file(str(self._arrow_path), schema)
        self._part: Any = None
        self._part_path = folder
        self._groups: list[int] = []
        self._parts: list[Part] = []
        self._leaves = [bytearray() for _field in schema]
        self._sizes = [bytearray() for _field in schema]
        self._sealing, self._seals = sealing(), bytearray()
        self._rows = self._bytes = self._batch_rows = 0

    def add(self, group: pa.RecordBatch) -> None:
        batch_rows = self._batch_rows or self._choose_batch_rows(group)
        for start in range(0, group.num_rows, batch_rows):
            self._add_batch(group.slice(start, batch_rows))
        if self._part is None:
            self._part_path = self._folder / f"part-{len(self._parts):05}.parquet"
            self._part = pq.ParquetWriter(
                str(self._part_path), self._schema, compression="zstd", compression_level=1
            )
        self._part.write_batch(group, row_group_size=group.num_rows)
        self._groups.append(group.num_rows)
        self._rows += group.num_rows
        if sum(self._groups) == PART_ROWS:
            self._close_part()

    def finish(self) -> Manifest:
        """Close and flush every file, write the manifest."""
        self._close_part()
        self._arrow.close()
        columns = tuple(
            ManifestColumn(
                field.name, type_name(field.type), field.nullable, bytes(leaves), bytes(sizes)
            )
            for field, leaves, sizes in zip(self._schema, self._leaves, self._sizes, strict=True)
        )
        arrow = _sealed(self._arrow_path)
        batch_rows = self._batch_rows or GROUP_ROWS
        manifest = Manifest(columns, self._rows, self._bytes, batch_rows, tuple(self._parts), arrow)
        head = seals_head(self._sealing, len(columns), len(manifest.batch_sizes))
        written = {
            seals_file(self._folder, self._sealing): head + self._seals,
            self._folder / MANIFEST_FILE: manifest.to_bytes(),
        }
        for path, raw in written.items():
            path.write_bytes(raw)
            _sealed(path)
        _flush(self._folder)
        return manifest

    def _choose_batch_rows(self, group: pa.RecordBatch) -> int:
        size = sum(body_size(column) for column in group.columns)
        self._batch_rows = batch_rows_for(size / group.num_rows)
        return self._batch_rows

    def _add_batch(self, batch: pa.RecordBatch) -> None:
        self._arrow.write_batch(batch)
        digests = [digest_column(column) for column in batch.columns]
        for leaves, sizes, digest in zip(self._leaves, self._sizes, digests, strict=True):
            leaves += digest.leaf
            sizes += digest.size.to_bytes(SIZE_BYTES, "little")
            self._bytes += digest.size
        message = Message.copied(batch, self._schema)
        self._seals += seal_all(self._sealing, message, [digest.leaf for digest in digests])

    def _close_part(self) -> None:
        if self._part is not None:
            self._part.close()
            self._parts.append(Part(_sealed(self._part_path), tuple(self._groups)))
        self._part, self._groups = None, []


def _sealed(path: Path) -> StoredFile:
    """Flush a finished file, make it read-only and take its SHA-256."""
    _flush(path)
    path.chmod(0o400)
    return StoredFile(path.name, path.stat().st_size, sha256_of(path))


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _hidden_folder(root: Path) -> Iterator[Path]:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    expect_room(root)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=root))
        with _folder_lock(folder) as held:
            # Whoever removes unfinished ones may have had the lock, or the folder, in between.
            if not (held and folder.exists()):
                continue
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            return


@contextmanager
def _folder_lock(folder: Path) -> Iterator[bool]:
    """Whether this process now holds the folder's lock; the kernel lets
    go of it when the process dies.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def _move_in(folder: Path, root: Path, manifest: Manifest) -> None:
    """Give the finished folder its name. A sound one of that name stays; any other makes room."""
    target = root / manifest.id
    try:
        folder.rename(target)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        if not _sound(target):
            target.rename(root / f"{UNFINISHED}{uuid7().hex}")
            folder.rename(target)
    _flush(root)


def _sound(folder: Path) -> bool:
    """Whether the folder is complete, Arrow file included, and every digest holds."""
    try:
        snapshot = open_snapshot(folder)
        snapshot.verify()
    except SnapshotDamaged:
        return False
    return snapshot.is_ready
