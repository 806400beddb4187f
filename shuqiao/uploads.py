"""An uploaded file: written straight to where it stays, under an id of ours, while it arrives.

Until somebody keeps it, its name says that it is arriving; what nobody kept is removed, and what a
killed process left is found by that name (:func:`remove_unfinished`).
"""

import fcntl
import hashlib
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self
from uuid import UUID

from shuqiao.disk import PROMISES
from shuqiao.errors import TooLarge
from shuqiao.home import folder
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.settings import settings

_CHUNK_BYTES: Final = 1_048_576
_NAME_LENGTH: Final = 200
_ARRIVING: Final = ".arriving-"


class Room(Protocol):
    """What a file may take of somebody's room while it arrives; whose, and how much, is said above.

    ``id`` names what is reserved: whoever keeps the file counts it instead.
    """

    @property
    def id(self) -> UUID: ...

    def spend(self, size: int) -> None:
        """Asked before each write. Raises what refuses it."""


@dataclass(slots=True)
class Upload:
    """A file as it lies in the uploads folder, not yet known to the database.

    As a context manager it is removed at the end of the block, unless it was kept.
    """

    id: UUID
    file_name: str
    bytes: int
    sha256: str
    is_kept: bool = False
    #: Open and locked till its end is decided: no sweep takes it for one left behind.
    _held: BinaryIO | None = None
    room: Room | None = None

    @property
    def path(self) -> Path:
        return upload_path(self.id) if self.is_kept else _arriving_path(self.id)

    def keep(self) -> None:
        """Give the file its lasting name: somebody is about to know of it."""
        self.path.rename(upload_path(self.id))
        self.is_kept = True
        self._let_go()

    def discard(self) -> None:
        """Remove the file: nothing came of it."""
        self.path.unlink(missing_ok=True)
        self._let_go()

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.is_kept:
            self.discard()


class Receiving:
    """One file while it arrives. ``write`` and ``finish`` touch the disk: they are a thread's work.

    ``size``: bytes announced, 0 when unknown. Raises ``StorageFull`` before anything is
    written, later that, ``TooLarge`` or what ``room`` does; then :meth:`abandon` is due.
    """

    def __init__(self, file_name: str | None, *, size: int = 0, room: Room | None = None) -> None:
        self._id, self._name, self._room = uuid7(), display_name(file_name), room
        self._digest, self._size = hashlib.sha256(), 0
        self._file: BinaryIO | None = None
        place = folder("uploads")
        self._promise = PROMISES.made(place, size)
        self._is_open = True
        try:
            self._file = open(  # noqa: SIM115 – closed by finish or abandon
                _arriving_path(self._id), "xb", buffering=0, opener=_private
            )
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self.abandon()
            raise

    def write(self, piece: bytes) -> None:
        limit = settings().upload_limit_bytes
        self._size += len(piece)
        if self._size > limit:
            detail = _("The file may have at most %(limit)s bytes.", limit=limit)
            raise TooLarge(detail, bytes_at_least=self._size)
        if self._room is not None:
            self._room.spend(len(piece))
        self._promise.spend(len(piece))
        self._digest.update(piece)
        assert self._file is not None
        rest = memoryview(piece)
        while rest:  # a disk that fills takes a part, and says why at the next try
            rest = rest[self._file.write(rest) :]

    def finish(self) -> Upload:
        """The file, whole and on the disk."""
        assert self._file is not None
        os.fsync(self._file.fileno())
        held, self._file = self._file, None
        self._end()
        digest = self._digest.hexdigest()
        return Upload(self._id, self._name, self._size, digest, _held=held, room=self._room)

    def abandon(self) -> None:
        """Remove what came. Does nothing after ``finish``."""
        if self._is_open:
            _arriving_path(self._id).unlink(missing_ok=True)
            self._end()

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()
        self._is_open = False
        self._promise.close()


def upload_path(attachment_id: UUID) -> Path:
    """Where the bytes of an attachment lie."""
    return folder("uploads") / attachment_id.hex


def store_upload(source: BinaryIO, file_name: str | None) -> Upload:
    """Copy a file of this machine to the uploads, in pieces of 1 MB.

    Raises ``TooLarge`` or ``StorageFull``.
    """
    arriving = Receiving(file_name)
    try:
        while piece := source.read(_CHUNK_BYTES):
            arriving.write(piece)
        return arriving.finish()
    except BaseException:
        arriving.abandon()
        raise


def remove_unfinished() -> int:
    """Remove what killed processes left of files that were arriving; gives how many.

    Whoever receives one or looks at it holds its lock, which the kernel lets go of when that
    process dies; no clock is asked. An empty one may be about to be locked, and stays.
    """
    removed = 0
    for path in folder("uploads").glob(f"{_ARRIVING}*"):
        try:
            with path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(file.fileno()).st_size:
                    path.unlink(missing_ok=True)
                    removed += 1
        except (BlockingIOError, FileNotFoundError):
            continue
    return removed


def display_name(sent: str | None) -> str:
    """The last part of the name a file came with, without characters
    nobody can see, at most 200 characters.
    """
    last = unicodedata.normalize("NFC", (sent or "").replace("\\", "/")).rpartition("/")[2]
    shown = "".join(
        char for char in last if unicodedata.category(char)[0] not in "CZ" or char == " "
    ).strip()
    stem, dot, suffix = shown.rpartition(".")
    if len(shown) > _NAME_LENGTH and dot and len(suffix) < 10:
        return stem[: _NAME_LENGTH - len(suffix) - 1] + dot + suffix
    return shown[:_NAME_LENGTH] if shown.strip(". ") else "unnamed"


def _arriving_path(identity: UUID) -> Path:
    return folder("uploads") / f"{_ARRIVING}{identity.hex}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
