"""Seals (封签) of stored batches: how each column of each batch is known again at every use.

A digest of canonical values costs more than handing the rows on. So beside the manifest lies, for
each column of each batch, a seal over the bytes as they lie in memory of ours: their layout, their
values, and the column's digest in the manifest. ``xxh3`` finds what a disk did; whoever can write
to the store can make such seals too. ``gmac`` is made with a key of the home (``store.gmac``), so
who has the store alone can make none. A seal that is missing, or does not hold, proves nothing
against the rows: then the digest itself decides (``reader.py``). ``docs/protocol.md`` section 3.3.
"""

import hashlib
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import xxhash
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shuqiao.keys import key
from shuqiao.settings import settings

KEY: Final = "store.gmac"
_LAYOUT: Final = struct.Struct("<5q")
_ABSENT: Final = -1
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Message:
    """A batch in memory of this process alone: ``raw``, the bytes of its IPC message as they are
    sent, and ``batch``, the same bytes as columns. Nothing that happens to a file changes them.
    """

    raw: pa.Buffer
    batch: pa.RecordBatch

    @classmethod
    def copied(cls, stored: pa.RecordBatch, schema: pa.Schema) -> "Message":
        """A copy of ``stored``, its bytes read as ``schema``, whatever the file said they were.

        Raises ``pa.ArrowInvalid`` for a layout that must not be followed.
        """
        stored.validate()  # no offset may lead out of the file, not even for the copy
        raw = stored.serialize()
        return cls(raw, pa.ipc.read_record_batch(raw, schema))

    def columns(self) -> Iterator[tuple[memoryview, bytes]]:
        """For each column its bytes, padding between its buffers included, and its layout: rows,
        NULLs, the length of each buffer.
        """
        whole, start = memoryview(self.raw).cast("B"), self.raw.address
        for column in self.batch.columns:
            sizes, lying = [_ABSENT] * 3, []
            for place, buffer in enumerate(column.buffers()):
                if buffer is not None:
                    sizes[place] = buffer.size
                    if buffer.size:  # an empty one lies anywhere, outside the message too
                        lying.append(range(buffer.address, buffer.address + buffer.size))
            first, last = (lying[0].start - start, lying[-1].stop - start) if lying else (0, 0)
            yield whole[first:last], _LAYOUT.pack(len(column), column.null_count, *sizes)


class Sealing(Protocol):
    """One kind of seal; ``size`` is that of each in bytes."""

    name: str
    size: int

    def make(self, data: memoryview, bound: bytes) -> bytes:
        """The seal of these bytes and of what is bound to them."""

    def holds(self, seal: bytes, data: memoryview, bound: bytes) -> bool:
        """Whether ``seal`` was made of exactly these."""


class Xxh3:
    """XXH3-128: 22 GB/s, no secret."""

    name = "xxh3"
    size = 16

    def make(self, data: memoryview, bound: bytes) -> bytes:
        state = xxhash.xxh3_128(data)
        state.update(bound)
        return state.digest()

    def holds(self, seal: bytes, data: memoryview, bound: bytes) -> bool:
        return self.make(data, bound) == seal


class Gmac:
    """AES-256-GCM with the column as associated data: 7 GB/s, under a key of the home.

    Its nonce is drawn for each seal and stands before it: never the same twice under the key.
    """

    name = "gmac"
    size = _NONCE_BYTES + hashlib.sha256().digest_size + _TAG_BYTES

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(secret)

    def make(self, data: memoryview, bound: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, hashlib.sha256(bound).digest(), data)

    def holds(self, seal: bytes, data: memoryview, bound: bytes) -> bool:
        try:
            found = self._cipher.decrypt(seal[:_NONCE_BYTES], seal[_NONCE_BYTES:], data)
        except InvalidTag:
            return False
        return found == hashlib.sha256(bound).digest()


@dataclass(frozen=True, slots=True)
class Seals:
    """The seals of a snapshot: ``raw`` holds those of its first batch, column by column, and on."""

    kind: Sealing
    columns: int
    raw: bytes

    def hold(self, batch: int, place: int, data: memoryview, bound: bytes) -> bool:
        """Whether the seal of the column at ``place`` of a batch holds."""
        start = (batch * self.columns + place) * self.kind.size
        return self.kind.holds(self.raw[start : start + self.kind.size], data, bound)


def sealing() -> Sealing:
    """The kind that the operator chose."""
    if settings().store_seals == Gmac.name:
        return _gmac(key(KEY))
    return Xxh3()


def seals_file(folder: Path, kind: Sealing) -> Path:
    """Where the seals of that kind of a snapshot lie; those of another kind count for nothing."""
    return folder / f"seals.{kind.name}"


def seal_all(kind: Sealing, message: Message, leaves: Sequence[bytes]) -> bytes:
    """The seals of one batch with all its columns, ``leaves`` being their digests."""
    columns = zip(message.columns(), leaves, strict=True)
    return b"".join(kind.make(data, leaf + layout) for (data, layout), leaf in columns)


def read_seals(folder: Path, columns: int, batches: int) -> Seals | None:
    """The seals of the kind in force; None when there are none, or others than these."""
    kind = sealing()
    try:
        raw = seals_file(folder, kind).read_bytes()
    except OSError:
        return None
    head = seals_head(kind, columns, batches)
    if not raw.startswith(head) or len(raw) != len(head) + columns * batches * kind.size:
        return None
    return Seals(kind, columns, raw[len(head) :])


def seals_head(kind: Sealing, columns: int, batches: int) -> bytes:
    """The first line of a file of seals."""
    return f"shuqiao.seals/1 {kind.name} {columns} {batches}\n".encode()


@lru_cache(maxsize=4)
def _gmac(secret: bytes) -> Gmac:
    return Gmac(secret)
