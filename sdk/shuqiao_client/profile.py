"""The profile (配置文件): which service, with which token. A JSON file only its owner may read.

Found by argument, else ``SHUQIAO_PROFILE``, else ``~/.config/shuqiao/profile.json``.
"""

import json
import os
import re
import secrets
import shlex
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from shuqiao_client.errors import ProfileRefused
from shuqiao_client.words import say

VARIABLE: Final = "SHUQIAO_PROFILE"
_TOKEN: Final = re.compile(r"sq_[!-~]{8,400}")


@dataclass(frozen=True, slots=True)
class Profile:
    """``endpoint``: address of the service without path. ``token``: never shown by ``repr``."""

    endpoint: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        is_plain = not (parts.username or parts.query or parts.fragment)
        if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
            raise ProfileRefused(say("profile.endpoint", endpoint=self.endpoint))
        if not _TOKEN.fullmatch(self.token):
            raise ProfileRefused(say("profile.token"))
        object.__setattr__(self, "endpoint", self.endpoint.rstrip("/").removesuffix("/api/v1"))

    @classmethod
    def load(cls, path: str | Path | None = None) -> "Profile":
        """Read the profile.

        Raises :class:`ProfileRefused` when it is missing, malformed or readable by others.
        """
        found = locate(path)
        try:
            descriptor = os.open(found, os.O_RDONLY)
        except OSError:
            raise ProfileRefused(
                say("profile.missing", path=found), code="profile_missing"
            ) from None
        with open(descriptor, encoding="utf-8") as file:
            _check_private(
                found, os.fstat(descriptor)
            )  # of the file that is read, not of one put there since
            text = file.read(65_536)
        try:
            document = json.loads(text)
            endpoint, token = document["endpoint"], document["token"]
        except (ValueError, KeyError, TypeError):
            raise ProfileRefused(say("profile.malformed", path=found)) from None
        if not isinstance(endpoint, str) or not isinstance(token, str):
            raise ProfileRefused(say("profile.malformed", path=found))
        return cls(endpoint, token)

    def save(self, path: str | Path | None = None) -> Path:
        """Write the profile, 0600 from its first byte, replacing an old one whole; gives where."""
        target = locate(path)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump(
                    {"endpoint": self.endpoint, "token": self.token},
                    file,
                    ensure_ascii=False,
                    indent=2,
                )
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return target


def locate(path: str | Path | None = None) -> Path:
    """Where the profile is, or would be."""
    chosen = path or os.environ.get(VARIABLE)
    return (
        Path(chosen).expanduser()
        if chosen
        else Path.home() / ".config" / "shuqiao" / "profile.json"
    )


def _check_private(path: Path, found: os.stat_result) -> None:
    if (
        sys.platform == "win32"
    ):  # access there is a matter of the folder's ACL, which mode bits do not show
        return
    mode = stat.S_IMODE(found.st_mode)
    if mode & 0o077:
        text = say("profile.open", path=path, mode=f"{mode:04o}", quoted=shlex.quote(str(path)))
        raise ProfileRefused(text, code="profile_readable_by_others")
    if found.st_uid not in (os.geteuid(), 0):
        raise ProfileRefused(say("profile.foreign", path=path), code="profile_of_another_user")
