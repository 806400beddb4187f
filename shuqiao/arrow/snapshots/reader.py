"""Reading a snapshot (快照): immutable rows in a folder named by their content.

``data.arrow`` is mapped, never read as a whole, and serves ready batches without a copy. The
Parquet parts hold the same rows compressed; they serve when ``data.arrow`` was dropped to save
space. No batch leaves unchecked: the first time this process touches a column of a batch, its
digest is compared with the manifest's.
"""

import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, Final

import pyarrow as pa
import pyarrow.parquet as pq

from shuqiao.arrow.snapshots.canonical import digest_column
from shuqiao.arrow.snapshots.manifest import (
    Manifest,
    Part,
    SnapshotDamaged,
    StoredFile,
    cut,
    damaged,
)
from shuqiao.arrow.snapshots.recut import Recutter
from shuqiao.i18n import _

MANIFEST_FILE: Final = "manifest.json"
_REMEMBERED_SNAPSHOTS: Final = 256


@dataclass(frozen=True)
class Snapshot:
    """An opened snapshot: its folder and its manifest. Cheap to open; threads may share one."""

    path: Path
    manifest: Manifest = field(repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    is_live: ClassVar[bool] = False

    @property
    def id(self) -> str:
        return self.manifest.id

    @property
    def schema(self) -> pa.Schema:
        return self.manifest.schema

    @property
    def identity(self) -> dict[str, str]:
        """What a plan's identity says of where its rows come from."""
        return {"snapshot": self.id, "root": self.manifest.root.hex(), "order": "snapshot"}

    @property
    def is_ready(self) -> bool:
        """Whether the Arrow file is there, so that batches come without decoding."""
        return self._arrow_path.exists()

    def group_count(self) -> int:
        return len(self.manifest.groups)

    def group(self, number: int, columns: Sequence[str]) -> list[pa.RecordBatch]:
        """The batches of one row group, those columns only, in that order.

        Raises ``SnapshotDamaged``.

        Mapped and uncopied when :attr:`is_ready`; else decoded from Parquet (one row group in
        memory).
        """
        if self.is_ready:
            starts = self.manifest.group_starts
            return [
                self.batch(batch, columns) for batch in range(starts[number], starts[number + 1])
            ]
        return self._decoded(number, columns)

    def batch(self, number: int, columns: Sequence[str]) -> pa.RecordBatch:
        """One mapped batch, those columns only.

        Raises ``SnapshotDamaged`` also when the Arrow file is gone.
        """
        try:
            with self._lock:
                whole = self._reader.get_batch(number)
        except (OSError, pa.ArrowException) as error:
            raise damaged(
                _("The Arrow file of the snapshot cannot be read."), snapshot=self.id
            ) from error
        batch = whole.select(list(columns))
        self._check(number, batch, self._seen)
        return batch

    def verify(self) -> None:
        """Hash every file, and every batch of both forms.

        Raises ``SnapshotDamaged`` naming what is wrong.
        """
        files = [part.file for part in self.manifest.parts]
        for file in [*files, self.manifest.arrow] if self.is_ready else files:
            self._verify_file(file)
        names = self.manifest.schema.names
        for number in range(self.group_count()):
            self._decoded(number, names)
        if self.is_ready:
            if self._reader.num_record_batches != len(self.manifest.batch_sizes):
                raise damaged(_("The Arrow file of the snapshot cannot be read."), snapshot=self.id)
            for number in range(self._reader.num_record_batches):
                self._check(number, self._reader.get_batch(number), None)

    @cached_property
    def _arrow_path(self) -> Path:
        return self.path / self.manifest.arrow.name

    @cached_property
    def _reader(self) -> Any:
        return pa.ipc.open_file(pa.memory_map(str(self._arrow_path)))

    @cached_property
    def _seen(self) -> bytearray:
        return _marks(self._arrow_path, len(self.manifest.batch_sizes) * len(self.manifest.columns))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {column.name: place for place, column in enumerate(self.manifest.columns)}

    def _decoded(self, number: int, columns: Sequence[str]) -> list[pa.RecordBatch]:
        part, place, rows = self.manifest.groups[number]
        batches = self._read_group(part, place, columns)
        if sum(batch.num_rows for batch in batches) != rows:
            raise damaged(
                _("A Parquet part of the snapshot has other rows than it should."), snapshot=self.id
            )
        for offset, batch in enumerate(batches):
            self._check(self.manifest.group_starts[number] + offset, batch, None)
        return batches

    def _read_group(self, part: Part, place: int, columns: Sequence[str]) -> list[pa.RecordBatch]:
        """One row group in batches. The decoder's batches may end early, so they are cut anew."""
        recutter = Recutter(cut(part.groups[place], self.manifest.batch_rows))
        wanted = list(columns)
        try:
            with pq.ParquetFile(str(self.path / part.file.name), pre_buffer=False) as file:
                batches = file.iter_batches(
                    self.manifest.batch_rows, [place], wanted, use_threads=False
                )
                return [whole for batch in batches for whole in recutter.push(batch.select(wanted))]
        except (OSError, KeyError, IndexError, ValueError, pa.ArrowException) as error:
            raise damaged(
                _("A Parquet part of the snapshot cannot be read."), snapshot=self.id
            ) from error

    def _check(self, number: int, batch: pa.RecordBatch, seen: bytearray | None) -> None:
        """Compare with the manifest what ``seen`` does not remember as compared."""
        if batch.num_rows != self.manifest.batch_sizes[number]:
            raise damaged(
                _("A batch of the snapshot has other rows than it should."), snapshot=self.id
            )
        first = number * len(self.manifest.columns)
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            place = self._places[name]
            if seen is not None and seen[first + place]:
                continue
            if not _matches(column, self.manifest.columns[place].leaf(number)):
                raise damaged(
                    _("The stored values differ from their digest."), snapshot=self.id, batch=number
                )
            if seen is not None:
                seen[first + place] = 1

    def _verify_file(self, file: StoredFile) -> None:
        path = self.path / file.name
        if (
            not path.is_file()
            or path.stat().st_size != file.bytes
            or sha256_of(path) != file.sha256
        ):
            raise damaged(
                _("The file %(name)s of the snapshot is missing or changed.", name=file.name)
            )


def open_snapshot(path: Path) -> Snapshot:
    """Open ``<root>/<snapshot id>``: the manifest must hash to the folder's name.

    Raises ``SnapshotDamaged``.
    """
    try:
        raw = (path / MANIFEST_FILE).read_bytes()
    except OSError:
        raise SnapshotDamaged(_("There is no such snapshot."), snapshot=path.name) from None
    if hashlib.sha256(raw).hexdigest() != path.name:
        raise damaged(_("The manifest differs from its digest."), snapshot=path.name)
    return Snapshot(path, _parsed(raw))


@lru_cache(maxsize=32)
def _parsed(raw: bytes) -> Manifest:
    """The manifest in these bytes, which never change under their
    digest; parsing a large one takes long.
    """
    return Manifest.from_bytes(raw)


def list_snapshots(root: Path) -> Iterator[Path]:
    """The folders of finished snapshots below ``root``, in order of their ids."""
    return (path for path in sorted(root.glob("[0-9a-f]*")) if (path / MANIFEST_FILE).is_file())


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _matches(column: pa.Array, leaf: bytes) -> bool:
    """Offsets and text are validated first: hashing must not follow a
    damaged offset out of the file.
    """
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return digest_column(column).leaf == leaf


_remembered: OrderedDict[tuple[int, int, int], bytearray] = OrderedDict()
_remembered_lock = Lock()


def _marks(path: Path, count: int) -> bytearray:
    """One byte a column of a batch, shared by all openings of the same
    unchanged file in this process.
    """
    stat = os.stat(path)
    key = stat.st_dev, stat.st_ino, stat.st_mtime_ns
    with _remembered_lock:
        marks = _remembered.setdefault(key, bytearray(count))
        _remembered.move_to_end(key)
        while len(_remembered) > _REMEMBERED_SNAPSHOTS:
            _remembered.popitem(last=False)
    return marks if len(marks) == count else bytearray(count)
