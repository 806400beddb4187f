"""Reading a snapshot (快照): immutable rows in a folder named by their content.

``data.arrow`` is mapped, never read as a whole. The Parquet parts hold the same rows compressed;
they serve when ``data.arrow`` was dropped to save space. No batch is used unchecked, and nothing
that was checked is remembered: at each use the columns asked for are copied once into memory of
this process, and that copy is what is checked and then sent or computed with. A page of a mapped
file may be read anew from the disk at any moment, so what it held before proves nothing.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import repeat
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, Final

import pyarrow as pa
import pyarrow.parquet as pq
import structlog

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
from shuqiao.arrow.snapshots.seals import Message, Seals, read_seals
from shuqiao.i18n import _

MANIFEST_FILE: Final = "manifest.json"
#: How the folder of a snapshot begins that is being written, or was, or is being removed.
UNFINISHED: Final = ".writing-"
log = structlog.get_logger("snapshots")


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

        Copied from the mapped file when :attr:`is_ready`, else decoded from Parquet: one row group
        in memory either way, and checked there.
        """
        if self.is_ready:
            starts = self.manifest.group_starts
            return [
                self.batch(batch, columns) for batch in range(starts[number], starts[number + 1])
            ]
        return self._decoded(number, columns)

    def batch(self, number: int, columns: Sequence[str]) -> pa.RecordBatch:
        """One batch of the Arrow file, those columns only, in memory of this process.

        Raises ``SnapshotDamaged`` also when the Arrow file is gone.
        """
        return self.message(number, columns).batch

    def message(self, number: int, columns: Sequence[str]) -> Message:
        """The same with the bytes of its IPC message: what was checked is what can be sent.

        Raises ``SnapshotDamaged`` also when the Arrow file is gone.
        """
        message = self._copied(number, columns)
        self._check(number, message.batch, message)
        return message

    def proved(self, number: int) -> Message:
        """One batch of the Arrow file with all its columns, held against the digests themselves,
        whatever the seals say. Raises ``SnapshotDamaged``.
        """
        message = self._copied(number, self.schema.names)
        self._check(number, message.batch)
        return message

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
            for number in range(len(self.manifest.batch_sizes)):
                self.proved(number)

    @cached_property
    def _arrow_path(self) -> Path:
        return self.path / self.manifest.arrow.name

    @cached_property
    def _reader(self) -> Any:
        return pa.ipc.open_file(pa.memory_map(str(self._arrow_path)))

    @cached_property
    def _seals(self) -> Seals | None:
        return read_seals(self.path, len(self.manifest.columns), len(self.manifest.batch_sizes))

    @cached_property
    def _chosen(self) -> dict[tuple[str, ...], pa.Schema]:
        return {}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {column.name: place for place, column in enumerate(self.manifest.columns)}

    def _copied(self, number: int, columns: Sequence[str]) -> Message:
        """One batch, not checked yet. Types are those of the manifest, never those of the file."""
        chosen = tuple(columns)
        schema = self._chosen.get(chosen)
        if schema is None:
            schema = pa.schema([self.schema.field(name) for name in chosen])
            self._chosen[chosen] = schema
        try:
            with self._lock:
                whole = self._reader.get_batch(number)
            return Message.copied(whole.select(list(columns)), schema)
        except (OSError, KeyError, ValueError, pa.ArrowException) as error:
            raise damaged(
                _("The Arrow file of the snapshot cannot be read."),
                snapshot=self.id,
                batch=number,
            ) from error

    def _decoded(self, number: int, columns: Sequence[str]) -> list[pa.RecordBatch]:
        part, place, rows = self.manifest.groups[number]
        batches = self._read_group(part, place, columns)
        if sum(batch.num_rows for batch in batches) != rows:
            raise damaged(
                _("A Parquet part of the snapshot has other rows than it should."), snapshot=self.id
            )
        for offset, batch in enumerate(batches):
            self._check(self.manifest.group_starts[number] + offset, batch)
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

    def _check(self, number: int, batch: pa.RecordBatch, sealed: Message | None = None) -> None:
        """Compare a batch in memory of ours with the manifest.

        ``sealed``: the same as a message, which the seals may answer for; without it, and for what
        they do not answer for, the digests do.
        """
        if batch.num_rows != self.manifest.batch_sizes[number]:
            raise damaged(
                _("A batch of the snapshot has other rows than it should."),
                snapshot=self.id,
                batch=number,
            )
        seals = self._seals if sealed is not None else None
        pieces = sealed.columns() if sealed is not None and seals else repeat(None)
        for name, piece in zip(batch.schema.names, pieces, strict=False):
            place = self._places[name]
            leaf = self.manifest.columns[place].leaf(number)
            if piece and seals and seals.hold(number, place, piece[0], leaf + piece[1]):
                continue
            if not _matches(batch.column(name), leaf):
                raise damaged(
                    _("The stored values differ from their digest."), snapshot=self.id, batch=number
                )
            if piece:
                log.warning("seal_does_not_hold", snapshot=self.id, batch=number, column=name)

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
