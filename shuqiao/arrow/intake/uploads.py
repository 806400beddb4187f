"""An uploaded file: stored under an id of ours, then looked at in the limited child."""

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from shuqiao.arrow.intake.options import Preview
from shuqiao.arrow.intake.readers import preview
from shuqiao.errors import FieldError, Invalid, TooLarge
from shuqiao.home import folder
from shuqiao.i18n import _
from shuqiao.ids import uuid7
from shuqiao.settings import settings

_CHUNK_BYTES: Final = 1_048_576


_NAME_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it lies in the uploads folder, not yet known to the database."""

    id: UUID
    file_name: str
    bytes: int
    sha256: str

    @property
    def path(self) -> Path:
        return upload_path(self.id)

    def discard(self) -> None:
        """Remove the file: nothing came of it."""
        self.path.unlink(missing_ok=True)


def upload_path(attachment_id: UUID) -> Path:
    """Where the bytes of an attachment lie."""
    return folder("uploads") / attachment_id.hex


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


def store_upload(source: BinaryIO, file_name: str | None) -> Upload:
    """Copy an upload to the disk in pieces of 1 MB, counting and digesting it.

    Raises ``TooLarge`` or ``Invalid``.
    """
    identity, digest, size, limit = uuid7(), hashlib.sha256(), 0, settings().upload_limit_bytes
    path = upload_path(identity)
    try:
        with open(path, "xb", opener=_private) as target:
            while chunk := source.read(_CHUNK_BYTES):
                size += len(chunk)
                if size > limit:
                    detail = _("The file may have at most %(limit)s bytes.", limit=limit)
                    raise TooLarge(detail, bytes_at_least=size)
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        if size == 0:
            detail = _("The file is empty")
            raise Invalid(
                errors=[
                    FieldError(
                        "/file", "empty_file", detail, _("Choose the file that holds the data.")
                    )
                ]
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Upload(identity, display_name(file_name), size, digest.hexdigest())


def look_at(upload: Upload) -> Preview:
    """What is in the file, found out in the limited child.

    Raises ``DecodeRefused`` or ``DecodeTooLarge``.
    """
    return preview(upload.path, file_name=upload.file_name)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
