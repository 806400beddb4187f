"""Packed workbooks (XLSX, XLSM, ODS are ZIP archives) before a library opens them.

Runs in the child.

The directory is judged first: how many parts, how large unpacked, how many times smaller packed.
Then each part a reader would open is unpacked once in pieces, and must be as large as the directory
says: what comes after these checks unpacks nothing it was not allowed to. Nothing is ever written
to the disk.
"""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from shuqiao.arrow.intake.options import DecodeLimits
from shuqiao.arrow.refusals import DecodeRefused, DecodeTooLarge
from shuqiao.i18n import _

_PARTS_LIMIT: Final = 5_000
#: Small parts may be packed as well as they like: they cannot grow to much.
_RATIO_FROM_BYTES: Final = 4 * 1_048_576
_CHUNK: Final = 262_144
_LOCAL_HEADER: Final = 30
_IS_ENCRYPTED: Final = 0x1


class Archive:
    """One ZIP archive that passed the checks of its directory.

    Raises :class:`DecodeRefused` or ``DecodeTooLarge``.
    """

    def __init__(self, path: Path, limits: DecodeLimits) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as archive:
                parts = archive.infolist()
        except (
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
            ValueError,
            OSError,
            NotImplementedError,
        ) as error:
            raise damaged_archive() from error
        # some exporters write the separators of their system; every reader takes them for slashes
        self._parts = {part.filename.replace("\\", "/"): part for part in parts}
        if len(parts) > _PARTS_LIMIT or len(self._parts) != len(parts):
            raise damaged_archive()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > limits.unpacked_bytes or any(_is_bomb(part, limits) for part in parts):
            raise _bomb(limits)
        if any(part.flag_bits & _IS_ENCRYPTED for part in parts):
            raise protected()

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    @property
    def names(self) -> list[str]:
        return list(self._parts)

    def read(self, name: str, limit: int = 4 * 1_048_576) -> bytes:
        """A small part as a whole.

        Raises :class:`DecodeRefused` when it is larger than ``limit`` bytes or missing.
        """
        part = self._parts.get(name)
        if part is None or part.file_size > limit:
            raise damaged_archive()
        return b"".join(self.pieces(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part in pieces, exactly as long as the directory says.

        Raises :class:`DecodeRefused` when it is not.
        """
        part = self._parts[name]
        size = 0
        with self.path.open("rb") as file:
            for piece in _unpacked(file, part):
                size += len(piece)
                if size > part.file_size:
                    raise damaged_archive()
                yield piece
        if size != part.file_size:
            raise damaged_archive()


def _unpacked(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    file.seek(part.header_offset)
    header = file.read(_LOCAL_HEADER)
    if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise damaged_archive()
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise damaged_archive()
    inflate = (
        zlib.decompressobj(-zlib.MAX_WBITS) if part.compress_type == zipfile.ZIP_DEFLATED else None
    )
    left = part.compress_size
    while left > 0:
        packed = file.read(min(_CHUNK, left))
        if not packed:
            raise damaged_archive()
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        try:
            while packed:
                yield inflate.decompress(packed, 4 * _CHUNK)
                packed = inflate.unconsumed_tail
        except zlib.error as error:
            raise damaged_archive() from error
    if inflate is not None and not inflate.eof:
        raise damaged_archive()


def _is_bomb(part: zipfile.ZipInfo, limits: DecodeLimits) -> bool:
    return part.file_size > _RATIO_FROM_BYTES and part.file_size > limits.packing_ratio * max(
        part.compress_size, 1
    )


def _bomb(limits: DecodeLimits) -> DecodeTooLarge:
    detail = _(
        "Unpacked, the workbook would be larger than %(limit)s MB or more than %(ratio)s times its "
        "packed size. "
        "Save the sheet as CSV (UTF-8) and upload that.",
        limit=limits.unpacked_bytes // 1_048_576,
        ratio=limits.packing_ratio,
    )
    return DecodeTooLarge("unpacked_size", detail)


def damaged_archive() -> DecodeRefused:
    """The refusal for a workbook that cannot be unpacked."""
    detail = _(
        "The workbook or packed file is damaged or not complete. Open it, save it again, and "
        "upload the new file."
    )
    return DecodeRefused("workbook_damaged", detail)


def protected() -> DecodeRefused:
    """The refusal for a workbook that needs a password."""
    detail = _(
        "The workbook is protected by a password. Save it without one and upload the new file."
    )
    return DecodeRefused("password", detail)
