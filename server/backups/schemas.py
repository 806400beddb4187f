"""``backup.json``: what a backup holds. It is written last, so a folder without it is none."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from server.backups.errors import BackupRefused
from shuqiao.i18n import _

FORMAT: Final = "shuqiao-backup/1"
MANIFEST: Final = "backup.json"
DUMP: Final = "database.dump"
KEYS: Final = "keys.sealed"

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
#: Below the folder, and nowhere else.
HomePath = Annotated[
    str,
    Field(pattern=r"^(snapshots/[0-9a-f]{64}/[a-z0-9][a-z0-9.-]{0,63}|uploads/[0-9a-f]{32})$"),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stored(_Strict):
    """A file of the backup."""

    path: Annotated[str, Field(pattern=rf"^({DUMP}|{KEYS})$")] | HomePath
    size: Annotated[int, Field(ge=0)]
    sha256: Digest


class Head(_Strict):
    """The trail at the moment of the dump: how many events, the last one, a digest of all leaves in
    the order of an export.
    """

    events: Annotated[int, Field(ge=0)]
    event_id: str = ""
    leaf_hash: str = ""
    digest: Digest


class Problem(_Strict):
    """A file that the database named and the home did not hold as it was written."""

    path: HomePath
    what: Literal["missing", "damaged"]


class Backup(_Strict):
    """The manifest of a backup."""

    format: Literal["shuqiao-backup/1"] = FORMAT
    program: str
    revision: str
    made_at: str
    #: The address people use; whose backup it is, for people.
    installation: str
    owner_role: str
    app_role: str
    trail: Head
    files: Sequence[Stored]
    #: Named by the dump, and removed by the rules of retention before it was copied.
    cleared: Sequence[HomePath] = ()
    problems: Sequence[Problem] = ()

    @property
    def total_bytes(self) -> int:
        return sum(each.size for each in self.files)

    @property
    def has_keys(self) -> bool:
        return any(each.path == KEYS for each in self.files)

    def to_bytes(self) -> bytes:
        return self.model_dump_json(indent=1).encode() + b"\n"


def read_backup(folder: Path) -> tuple[Backup, str]:
    """The manifest of ``folder`` and its SHA-256.

    Raises ``BackupRefused`` when there is none, or none that we wrote.
    """
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError:
        raise BackupRefused(
            _("%(folder)s holds no finished backup: backup.json is missing.", folder=str(folder))
        ) from None
    try:
        return Backup.model_validate_json(raw), hashlib.sha256(raw).hexdigest()
    except ValidationError:
        raise BackupRefused(
            _(
                "%(file)s is not a manifest that this version reads (%(format)s).",
                file=str(folder / MANIFEST),
                format=FORMAT,
            )
        ) from None
